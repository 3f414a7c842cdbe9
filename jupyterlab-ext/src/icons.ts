import { LabIcon } from '@jupyterlab/ui-components'
import type { DomainName } from '@karvdash/common'

/** The platform's icon. */
export const karvdashIcon = icon(
  'karvdash',
  'M12 2 3 7v10l9 5 9-5V7Zm0 2.3L18.5 8 12 11.7 5.5 8ZM5 9.7l6 3.4v6.4l-6-3.3Zm8 9.8v-6.4l6-3.4v6.5Z',
)

const folder = 'M4 5h5l2 2h9a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z'

/** An icon for each domain: a folder with a person, a globe or people in it. */
export const domainIcons: Record<DomainName, LabIcon> = {
  local: icon('local', folder, 'M12 9.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6ZM8.5 17c0-2 1.5-3.2 3.5-3.2s3.5 1.2 3.5 3.2Z'),
  remote: icon('remote', folder, 'M8.5 16.5a2.2 2.2 0 0 1-.2-4.4 3.6 3.6 0 0 1 7-.6 2.5 2.5 0 0 1 .4 5Z'),
  shared: icon(
    'shared',
    folder,
    'M9 9.8a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2Zm6 0a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2ZM6 17c0-1.800 1.200-3 3-3s3 1.200 3 3Zm6.500 0c0-1-.300-1.900-.900-2.500.600-.300 1.400-.500 2.400-.500 2 0 3.500 1.200 3.500 3Z',
  ),
}

/** The first path takes the theme's colour; the second is cut out of it. */
function icon(name: string, shape: string, cut = ''): LabIcon {
  const path = `<path class="jp-icon3" fill="#616161" fill-rule="evenodd" d="${shape}${cut}"/>`
  return new LabIcon({
    name: `karvdash:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">${path}</svg>`,
  })
}
