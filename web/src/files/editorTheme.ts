/** The editor in the page's colours; contrast AA in both themes, since all of them come from the page's tokens. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--warn)' },
  { tag: [tags.comment, tags.meta], color: 'var(--muted)', fontStyle: 'italic' },
  { tag: [tags.definition(tags.variableName), tags.function(tags.variableName)], fontWeight: '600' },
  { tag: [tags.heading, tags.strong], fontWeight: '650' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.link, color: 'var(--accent)', textDecoration: 'underline' },
  { tag: tags.invalid, color: 'var(--bad)' },
])

export function editorTheme(dark: boolean): Extension {
  const view = EditorView.theme(
    {
      '&': { height: '100%', backgroundColor: 'var(--panel)', color: 'var(--text)' },
      '&.cm-focused': { outline: 'none' }, // what holds it shows it
      '.cm-scroller': { font: '12.5px/1.55 var(--mono)', overflow: 'auto' },
      '.cm-content': { caretColor: 'var(--text)' },
      '.cm-cursor': { borderLeftColor: 'var(--text)' },
      '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--muted)', border: '0' },
      '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--raised) 60%, transparent)' },
      '.cm-activeLineGutter': { backgroundColor: 'var(--raised)', color: 'var(--text)' },
      '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
        backgroundColor: 'var(--accent-soft)',
      },
      '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--text)' },
      '.cm-tooltip': { backgroundColor: 'var(--panel)', border: '1px solid var(--line)' },
      '.cm-matchingBracket': { backgroundColor: 'var(--accent-soft)' },
    },
    { dark },
  )
  return [view, syntaxHighlighting(colours)]
}
