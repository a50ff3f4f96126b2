/** Events of a session's stream. Durable ones carry `seq`; `delta` and `output` are live only. */
import type { Approver, Arguments, CallError, Json, ModelChoice, Preview, Quote, Risk, Trust } from './types'
import type { Limits, Measure } from './usage'

type Durable<Kind extends string, Body> = { kind: Kind; seq: number; time: string } & Body

export type RequestedCall = { id: string; tool: string; arguments: Arguments | null; raw: string }

export type DurableEvent =
  | Durable<'session.opened', { owner: string; title: string; worker_id: string | null; model: string; trust: Trust }>
  | Durable<'session.changed', { title?: string; worker_id?: string | null; model?: string; trust?: Trust }>
  | Durable<
      'session.trust_change_needed',
      { model: string; trust: Trust; tool: string | null; message: string; offer: ModelChoice | null }
    >
  | Durable<
      'budget.asked',
      {
        turn: number
        account: string
        measures: Measure[]
        limits: Partial<Limits>
        message: string
      }
    >
  | Durable<'budget.raised', { turn: number; by: string }>
  | Durable<'session.branched', { parent: number; by: string }>
  | Durable<'session.plan_mode', { on: boolean; by: string }>
  | Durable<'session.edit_review', { on: boolean; by: string }>
  | Durable<'conversation.compacted', { turn: number; text: string; before_tokens: number; after_tokens: number }>
  | Durable<'terminal.readable', { worker_id: string; terminal_id: string; on: boolean; by: string }>
  | Durable<'user.message', { text: string; by: string; quotes?: Quote[] }>
  | Durable<'model.asked', { turn: number; model: string }>
  | Durable<
      'model.replied',
      {
        turn: number
        text: string
        calls: RequestedCall[]
        prompt_tokens: number
        completion_tokens: number
        finish: string
      }
    >
  | Durable<'model.failed', { turn: number } & CallError>
  | Durable<
      'call.proposed',
      {
        call_id: string
        tool: string
        arguments: Arguments
        principal: string
        origin: 'model' | 'user' | 'rest' | 'mcp'
        risk: Risk
        worker_id?: string | null
        model_call_id?: string | null
      }
    >
  | Durable<'call.refused', { call_id: string; code: string; message: string; rule?: string | null }>
  | Durable<
      'approval.requested',
      {
        call_id: string
        approval_id: string
        tool: string
        arguments: Arguments
        requester: string
        risk: Risk
        rule: string
        reason: string
        digest: string
        preview: Preview
        persons?: number
        approver?: Approver
        fresh_login_s?: number | null
        unbound?: string[]
        diff?: string | null
        expires_at: string
      }
    >
  | Durable<'approval.given', { call_id: string; approval_id: string; by: string }>
  | Durable<
      'approval.decided',
      {
        call_id: string
        approval_id: string
        verdict: 'approved' | 'rejected' | 'expired' | 'void'
        by: string | null
        reason: string | null
      }
    >
  | Durable<
      'call.intent',
      {
        call_id: string
        operation_id: string
        acting_as: string
        worker_id: string | null
        approval_id: string | null
      }
    >
  | Durable<
      'call.outcome',
      {
        call_id: string
        status: 'done' | 'failed' | 'indeterminate'
        result?: Json
        error?: CallError | null
        duration_ms: number
        label: Json
      }
    >
  | Durable<
      'subagent.waits',
      {
        delegate: string
        session_id: string
        profile: string
        tool: string
        risk: Risk
        approval_id: string
        expires_at: string
      }
    >
  | Durable<'subagent.goes_on', { delegate: string; approval_id: string }>
  | Durable<'turn.ended', { turn: number; reason: 'answered' | 'stopped' | 'failed' | 'limit'; detail: string | null }>

export type LiveEvent =
  | { kind: 'delta'; turn: number; text: string; offset: number }
  | { kind: 'output'; call_id: string; stream: string; text: string }

export type SessionEvent = DurableEvent | LiveEvent
