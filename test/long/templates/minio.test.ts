import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { run } from '@karvdash/local/command'
import { picture } from '../../stories/acts.ts'
import { type Customer, openCatalogue, type Running } from '../../support/catalogue.ts'

const image = 'quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z'
const small = { size: 'custom', memory: '768Mi' }
let customer: Customer
let store: Running

beforeAll(async () => {
  customer = await openCatalogue('mi', [image])
  const packages = join(customer.system.folder('local', customer.user.username), 'packages')
  await mkdir(packages)
  await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', packages, 'boto3==1.43.6'])
}, 900_000)
afterAll(() => customer?.close())

/** Runs Python with a client of Amazon's in a pod of its own; gives what it prints. */
const s3 = (lines: string[], { name, passwords }: Running, password = passwords['password'] ?? '') =>
  customer.run(
    'quay.io/jupyter/base-notebook:2026-07-28',
    `PYTHONPATH=/local/packages python3 - <<'END'
import boto3, botocore, hashlib
retries = botocore.config.Config(retries={'max_attempts': 10, 'mode': 'standard'})
keys = dict(aws_access_key_id='karvdash', aws_secret_access_key=${JSON.stringify(password)})
s3 = boto3.client('s3', endpoint_url='http://${name}:9000', region_name='us-east-1', config=retries, **keys)
body = bytes(range(256)) * 80000
try:
    ${lines.join('\n    ')}
except botocore.exceptions.ClientError as refusal:
    print(refusal.response['Error']['Code'])
END
`,
  )
const reads = [
  `kept = s3.get_object(Bucket='tides', Key='2026/heights.bin')['Body'].read()`,
  `print(kept == body, len(kept), len(s3.list_objects_v2(Bucket='tides')['Contents']))`,
]

test('what one pod puts into a bucket another gets, in parts and with the right keys alone', async () => {
  store = await customer.launch('minio', { values: small })
  const writes = [
    `s3.create_bucket(Bucket='tides')`,
    `open('/tmp/heights.bin', 'wb').write(body)`,
    `s3.upload_file('/tmp/heights.bin', 'tides', '2026/heights.bin')`,
    `s3.put_object(Bucket='tides', Key='readme.txt', Body=b'Measured in the harbour.')`,
  ]
  expect((await s3(writes, store)).trim()).toBe('')
  expect((await s3(reads, store)).trim()).toBe('True 20480000 2')
  expect((await s3(reads, store, 'a guess')).trim()).toBe('SignatureDoesNotMatch')
}, 600_000)

test('its page shows the bucket to whoever knows the keys', async () => {
  const page = await customer.window(store.name)
  page.setDefaultTimeout(60_000)
  await page.locator('#accessKey').fill('karvdash')
  await page.locator('#secretKey').fill(store.passwords['password'] ?? '')
  await page.keyboard.press('Enter')
  // It says under which licence it is, and wants that acknowledged.
  await page.getByRole('button', { name: 'Acknowledge' }).click()
  await page.getByText('tides').first().click()
  await page.getByText('readme.txt').first().waitFor()
  await picture(page, 'minio')
}, 300_000)

test('what it holds is there after a stop, and by the new key alone after another launch', async () => {
  await customer.stop(store.name)
  await customer.resume(store.name)
  expect((await s3(reads, store)).trim()).toBe('True 20480000 2')
  const old = store.passwords['password']
  await customer.remove(store.name)
  const password = 'another "key" of \\ mine'
  store = { ...(await customer.launch('minio', { values: { ...small, password } })), passwords: { password } }
  expect((await s3(reads, store)).trim()).toBe('True 20480000 2')
  expect((await s3(reads, store, old)).trim()).toBe('SignatureDoesNotMatch')
}, 600_000)

test('another one beside it has buckets of its own', async () => {
  const other = await customer.launch('minio', { name: 'beside', values: small })
  expect((await s3([`print([b['Name'] for b in s3.list_buckets()['Buckets']])`], other)).trim()).toBe('[]')
}, 400_000)
