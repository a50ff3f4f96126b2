import { expect, test } from 'vitest'
import type { App } from '../api/apps'
import { formOf, launchOf, offered } from './appForm'

const words = { en: 'x', zh: 'x' }
const app: App = {
  name: 'jupyter',
  title: words,
  description: words,
  resources: {
    cpus: { default: 1, least: 1, most: 8 },
    memory_mb: { default: 2048, least: 512, most: 16_384 },
    wall_time_s: { default: 28_800, least: 700, most: 86_400 },
    gpus: { default: 0, least: 0, most: 0 },
  },
  inputs: [{ name: 'folder', title: words, kind: 'path', default: '.' }],
}

test('only what there is a choice of is offered', () => {
  expect(offered(app)).toEqual(['cpus', 'memory_mb', 'wall_time_s'])
})

test('the form starts with the defaults of the app, and asks for them', () => {
  const form = formOf(app, 'dev')
  expect(form.resources.wall_time_s).toBe(8)
  expect(launchOf(app, form)).toEqual({
    app: 'jupyter',
    cluster: 'dev',
    cpus: 1,
    memory_mb: 2048,
    wall_time_s: 28_800,
    inputs: { folder: '.' },
  })
})

test('what is left empty is not asked for, and hours at a bound are the bound', () => {
  const form = formOf(app, 'dev')
  form.resources = { cpus: null, memory_mb: 4096, wall_time_s: 0.19, gpus: null }
  form.inputs = { folder: '  ' }
  form.accounting = { queue: ' short ', group: '', qos: '' }
  expect(launchOf(app, form)).toEqual({
    app: 'jupyter',
    cluster: 'dev',
    memory_mb: 4096,
    wall_time_s: 700,
    queue: 'short',
    inputs: {},
  })
})
