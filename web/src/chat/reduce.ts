/** The conversation as a pure fold: (view, event) → view. A durable event that was already seen changes nothing. */
import type { DurableEvent, LiveEvent, SessionEvent } from '../api/events'
import { foldCall, isCallEvent, isOfBelow, withBelow, withOutput } from './calls'
import { withDelta } from './live'
import { grown, moved } from './paths'
import type { Item, Shown, View } from './view'

export function reduce(view: View, event: SessionEvent): View {
  if (!('seq' in event)) return foldLive(view, event)
  if (event.seq <= view.lastSeq) return view
  return { ...foldDurable(view, event), lastSeq: event.seq }
}

function foldLive(view: View, event: LiveEvent): View {
  // A piece that comes when no reply is being written is late: its whole text has been told already.
  if (event.kind === 'delta') return view.asking ? { ...view, live: withDelta(view.live, event) } : view
  if (event.kind === 'output') return { ...view, items: withOutput(view.items, event) }
  return view
}

function foldDurable(view: View, event: DurableEvent): View {
  if (isCallEvent(event)) return { ...view, items: foldCall(view.items, event, view.paths.head) }
  if (isOfBelow(event)) return { ...view, items: withBelow(view.items, event) }
  switch (event.kind) {
    case 'session.opened':
      return {
        ...view,
        owner: event.owner,
        title: event.title,
        workerId: event.worker_id,
        model: event.model,
        trust: event.trust,
      }
    case 'session.changed':
      return {
        ...view,
        title: event.title ?? view.title,
        workerId: event.worker_id === undefined ? view.workerId : event.worker_id,
        model: event.model ?? view.model,
        trust: event.trust ?? view.trust,
      }
    case 'session.trust_change_needed':
      return add(view, {
        kind: 'trust',
        key: `t${event.seq}`,
        message: event.message,
        model: event.model,
        offer: event.offer,
      })
    case 'budget.asked':
      return add(
        { ...view, asking: false },
        {
          kind: 'budget',
          key: `b${event.seq}`,
          account: event.account,
          message: event.message,
          measures: event.measures,
          limits: event.limits,
          open: true,
        },
      )
    case 'budget.raised':
      return withoutOpenBudget(view)
    case 'session.branched':
      return { ...view, paths: moved(view.paths, event.parent), live: null }
    case 'session.plan_mode':
      return { ...view, planMode: event.on }
    case 'session.edit_review':
      return { ...view, editReview: event.on }
    case 'terminal.readable':
      return { ...view, readable: nowReadable(view.readable, event) }
    case 'conversation.compacted':
      return add(view, {
        kind: 'compacted',
        key: `z${event.seq}`,
        text: event.text,
        before: event.before_tokens,
        after: event.after_tokens,
      })
    case 'user.message':
      return foldMessage(view, event)
    case 'model.asked':
      return { ...view, running: true, asking: true, model: event.model, live: null }
    case 'model.failed':
      return add(
        { ...view, asking: false, live: null },
        {
          kind: 'failure',
          key: `f${event.seq}`,
          error: { code: event.code, message: event.message, retryable: event.retryable },
        },
      )
    case 'model.replied':
      return foldReply(view, event)
    case 'turn.ended':
      return foldEnd(view, event)
    default:
      return view
  }
}

function foldMessage(view: View, event: Extract<DurableEvent, { kind: 'user.message' }>): View {
  const paths = view.running ? view.paths : grown(view.paths)
  const { text, by, time, quotes = [] } = event
  return add(
    { ...view, paths, running: true, asking: true, live: null },
    { kind: 'user', key: `m${event.seq}`, turn: paths.head, text, by, time, quotes },
  )
}

function nowReadable(
  before: View['readable'],
  event: Extract<DurableEvent, { kind: 'terminal.readable' }>,
): View['readable'] {
  const { worker_id: workerId, terminal_id: terminalId, by } = event
  const others = before.filter((one) => one.workerId !== workerId || one.terminalId !== terminalId)
  return event.on ? [...others, { workerId, terminalId, by }] : others
}

function withoutOpenBudget(view: View): View {
  return { ...view, items: view.items.map((item) => (item.kind === 'budget' ? { ...item, open: false } : item)) }
}

function foldReply(view: View, event: Extract<DurableEvent, { kind: 'model.replied' }>): View {
  const turn = view.paths.head
  const items: Item[] = []
  if (event.text.trim() !== '') {
    items.push({ kind: 'reply', key: `r${event.seq}`, turn, text: event.text, time: event.time })
  }
  for (const call of event.calls) {
    if (call.arguments === null)
      items.push({ kind: 'unreadable', key: `u${call.id}`, turn, tool: call.tool, raw: call.raw })
  }
  return {
    ...view,
    live: null,
    asking: false,
    items: [...view.items, ...items],
    promptTokens: view.promptTokens + event.prompt_tokens,
    completionTokens: view.completionTokens + event.completion_tokens,
  }
}

function foldEnd(view: View, event: Extract<DurableEvent, { kind: 'turn.ended' }>): View {
  const ended: View = { ...keepLive(view, event), running: false, asking: false, live: null }
  if (event.reason === 'answered') return ended
  return add(ended, { kind: 'end', key: `e${event.seq}`, reason: event.reason, detail: event.detail ?? '' })
}

/** A turn that was stopped while the model wrote: what was read so far stays readable. */
function keepLive(view: View, event: DurableEvent): View {
  if (!view.live || view.live.text.trim() === '') return view
  return add(view, { kind: 'reply', key: `r${event.seq}`, text: view.live.text, time: event.time })
}

function add(view: View, item: Shown): View {
  return { ...view, items: [...view.items, { turn: view.paths.head, ...item }] }
}
