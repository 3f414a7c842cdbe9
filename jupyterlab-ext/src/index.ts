import type { JupyterFrontEndPlugin } from '@jupyterlab/application'

const plugins: JupyterFrontEndPlugin<unknown>[] = []

// biome-ignore lint/style/noDefaultExport: JupyterLab looks for the plugins there
export default plugins
