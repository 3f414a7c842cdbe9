import { describe, expect, test } from '@jest/globals'
import { connectionsOf, plainAddress } from './connections.ts'

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const rest = '00000000:00000000 00:00000000 00000000  1000        0 1 1 0000000000000000 100 0 0 10 0'
const v4 = (local: string, remote: string, state: string) => `   0: ${local} ${remote} ${state} ${rest}\n`
const listens = v4('00000000:1F90', '00000000:0000', '0A')
const own = new Set(['10.2.0.7', plainAddress('fd00:0::7')])
const peers = (text: string) => connectionsOf(head + text, (address) => own.has(address))?.map(({ peer }) => peer)

describe('the connections of a pod', () => {
  test.each([
    ['established from elsewhere to a port that it listens on is one', '0700020A:1F90', '0900020A:C001', '01', ['10.2.0.9']],
    ['that it made itself is none', '0700020A:C002', '0900020A:1F90', '01', []],
    ['that is closing is none', '0700020A:1F90', '0900020A:C001', '06', []],
    ['within the pod is none', '0100007F:1F90', '0100007F:C001', '01', []],
    ['of a pod of the same service is none', '0700020A:1F90', '0700020A:C001', '01', []],
  ])('%s', (_, local, remote, state, expected) => {
    expect(peers(listens + v4(local, remote, state))).toEqual(expected)
  })

  test('to a program that listens for both kinds of addresses are told by tcp6', () => {
    const zero = '0'.repeat(32)
    const listens6 = `   0: ${zero}:1F90 ${zero}:0000 0A ${rest}\n`
    const mapped = (address: string) => `0000000000000000FFFF0000${address}`
    const [mine, other] = ['000000FD000000000000000007000000', '000000FD000000000000000009000000']
    expect(peers(`${listens6}   1: ${mapped('0700020A')}:1F90 ${mapped('0900020A')}:C001 01 ${rest}\n`)).toEqual(['10.2.0.9'])
    expect(peers(`${listens6}   1: ${mapped('0100007F')}:1F90 ${mapped('0100007F')}:C001 01 ${rest}\n`)).toEqual([])
    expect(peers(`${listens6}   1: ${mine}:1F90 ${other}:C001 01 ${rest}\n`)).toEqual([plainAddress('fd00::9')])
    expect(peers(`${listens6}   1: ${zero.slice(0, -8)}01000000:1F90 ${zero.slice(0, -8)}01000000:C001 01 ${rest}\n`)).toEqual([])
  })

  test('are not known where the text is another', () => {
    expect(connectionsOf('cat: not found', () => false)).toBeUndefined()
  })

  test('attack: lines of another form are no connections', () => {
    expect(
      peers(`${listens}   x: 0700020A:1F90 0900020A:C001 01\n${'0: '.repeat(10_000)}\n   1: 07:1F90 09:C001 01 ${rest}\n`),
    ).toEqual([])
  })
})
