/** Syntax of a file, loaded when one of its kind is opened. */
import { type LanguageSupport, StreamLanguage } from '@codemirror/language'
import type { Extension } from '@codemirror/state'

type Loader = () => Promise<LanguageSupport | StreamLanguage<unknown>>

const python: Loader = () => import('@codemirror/lang-python').then((module) => module.python())
const cpp: Loader = () => import('@codemirror/lang-cpp').then((module) => module.cpp())
const yaml: Loader = () => import('@codemirror/lang-yaml').then((module) => module.yaml())
const json: Loader = () => import('@codemirror/lang-json').then((module) => module.json())
const markdown: Loader = () => import('@codemirror/lang-markdown').then((module) => module.markdown())
const shell: Loader = () =>
  import('@codemirror/legacy-modes/mode/shell').then((module) => StreamLanguage.define(module.shell))
const properties: Loader = () =>
  import('@codemirror/legacy-modes/mode/properties').then((module) => StreamLanguage.define(module.properties))

const bySuffix: Record<string, Loader> = {
  py: python,
  c: cpp,
  cc: cpp,
  cpp: cpp,
  cxx: cpp,
  h: cpp,
  hh: cpp,
  hpp: cpp,
  C: cpp,
  yaml: yaml,
  yml: yaml,
  json: json,
  ipynb: json,
  md: markdown,
  sh: shell,
  bash: shell,
  sub: properties,
  ini: properties,
  cfg: properties,
  toml: properties,
}

export async function languageOf(path: string): Promise<Extension> {
  const suffix = path.slice(path.lastIndexOf('.') + 1)
  return (await bySuffix[suffix]?.()) ?? []
}
