import { expect, test } from '@jest/globals'
import { freeSubnets, subnet } from './subnets.ts'

const first = (routes: string[], preferred?: number) => freeSubnets(routes, preferred)[0]?.cidr

test('a machine that routes nothing of ours gives the first network', () => {
  expect(first(['default', '192.168.1.0/24', '127.0.0.0/8', '192.168.1.7'])).toBe('10.213.0.0/30')
})

test('networks of other instances are passed over', () => {
  expect(first(['10.213.0.0/30', '10.213.1.0/30'])).toBe('10.213.2.0/30')
})

test('the network of the last time is taken again when it is free', () => {
  expect(first(['10.213.0.0/30'], 7)).toBe('10.213.7.0/30')
  expect(first(['10.213.7.0/30'], 7)).toBe('10.213.0.0/30')
})

test('a wider route that covers ours counts as taken', () => {
  expect(first(['10.213.0.0/25'])).toBe('10.213.1.0/30')
  expect(first(['10.0.0.0/8'])).toBeUndefined()
})

test('a route to one address inside ours counts as taken', () => {
  expect(first(['10.213.0.2'])).toBe('10.213.1.0/30')
})

test('the interface name fits what Linux allows', () => {
  expect(subnet(255).link.length).toBeLessThanOrEqual(15)
})
