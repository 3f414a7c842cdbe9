import { makeTenant, openGround } from './ground.ts'
import { contract } from '@karvdash/common'
const g = await openGround()
const b = await g.cluster.backend({ KARVDASH_TEMPLATES_FOLDER: g.folder, KARVDASH_PAGE_FOLDER: '/work/main/backend/dist/page', NODE_ENV:'production', NODE_OPTIONS:'--cpu-prof --cpu-prof-interval 200 --cpu-prof-dir=/tmp/perf/prof' }, '/work/main/backend/dist/bundle/main.js')
console.log('ready', b.readyAfterMs)
const c = await makeTenant(b)
for (let i=0;i<12;i++){
  const name='s'+i
  await c.call(contract.launchService,{body:{template:'ten',name,values:{}}})
  await c.call(contract.deleteService,{params:{service:name}})
  await new Promise(r=>setTimeout(r,600))
}
await b.stop()
await g.close()
