/** Addresses of the page: `#/jobs?state=HOLDING`. Pure: parse and format are each other's inverse. */

export type Route =
  | { page: 'portal' }
  | { page: 'agent'; sessionId: string | null }
  | { page: 'jobs'; job: { cluster: string; jobId: string } | null; query: Record<string, string> }
  | { page: 'dags'; dag: { cluster: string; id: string } | null; cluster: string }
  | { page: 'joblens'; job: { cluster: string; jobId: string } | null; query: Record<string, string> }
  | { page: 'approvals'; query: Record<string, string> }
  | { page: 'files'; query: Record<string, string> }
  | { page: 'audit'; view: AuditView; id: string | null; query: Record<string, string> }
  | { page: 'cluster'; cluster: string; incident: string | null }
  | { page: 'knowledge'; view: KnowledgeView; id: string | null }
  | { page: 'tasks'; task: string | null }
  | { page: 'usage'; query: Record<string, string> }
  | { page: 'tokens' }
  | { page: 'foreign' }
  | { page: 'admin'; view: AdminView; name: string | null }
  | { page: 'device'; code: string }
  | { page: 'consent'; request: string; problem: string }
  | { page: 'unknown'; path: string }

/** `calls` is the search, with the story of one call. */
export type AuditView = 'calls' | 'sessions' | 'terminals' | 'ledger'
const AUDIT_VIEWS: readonly string[] = ['calls', 'sessions', 'terminals', 'ledger'] satisfies AuditView[]

export type KnowledgeView = 'library' | 'corrections'
const KNOWLEDGE_VIEWS: readonly string[] = ['library', 'corrections'] satisfies KnowledgeView[]

/** `name` is the user whose details, or whose tokens, are shown. */
export type AdminView = 'users' | 'tokens' | 'policy' | 'models' | 'rules'
const ADMIN_VIEWS: readonly string[] = ['users', 'tokens', 'policy', 'models', 'rules'] satisfies AdminView[]

export type PageName = Route['page']

export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?', 2)
  const segments = path.split('/').filter((segment) => segment !== '')
  const [page, first, second] = segments.map(decoded)
  const query = Object.fromEntries(new URLSearchParams(search))
  if (page === undefined) return { page: 'portal' }
  if (page === 'agent' && segments.length <= 2) return { page: 'agent', sessionId: first ?? null }
  if (page === 'approvals' && segments.length === 1) return { page: 'approvals', query }
  if (page === 'files' && segments.length === 1) return { page: 'files', query }
  if (page === 'tasks' && segments.length <= 2) return { page: 'tasks', task: first ?? null }
  if (page === 'usage' && segments.length === 1) return { page: 'usage', query }
  if ((page === 'tokens' || page === 'foreign') && segments.length === 1) return { page }
  if (page === 'device' && segments.length === 1) return { page: 'device', code: query.code ?? '' }
  if (page === 'consent' && segments.length === 1) {
    return { page: 'consent', request: query.request ?? '', problem: query.problem ?? '' }
  }
  if (page === 'jobs' && segments.length === 1) return { page: 'jobs', job: null, query }
  if (page === 'jobs' && segments.length === 3 && first && second) {
    return { page: 'jobs', job: { cluster: first, jobId: second }, query }
  }
  if (page === 'joblens' && segments.length === 1) return { page: 'joblens', job: null, query }
  if (page === 'joblens' && segments.length === 3 && first && second) {
    return { page: 'joblens', job: { cluster: first, jobId: second }, query }
  }
  if (page === 'dags' && segments.length === 1) return { page: 'dags', dag: null, cluster: query.cluster ?? '' }
  if (page === 'dags' && segments.length === 3 && first && second) {
    return { page: 'dags', dag: { cluster: first, id: second }, cluster: first }
  }
  if (page === 'audit' && segments.length <= 3 && AUDIT_VIEWS.includes(first ?? 'calls')) {
    return { page: 'audit', view: (first ?? 'calls') as AuditView, id: second ?? null, query }
  }
  if (page === 'cluster' && segments.length <= 2) {
    return { page: 'cluster', cluster: query.of ?? '', incident: first ?? null }
  }
  if (page === 'knowledge' && segments.length <= 3 && KNOWLEDGE_VIEWS.includes(first ?? 'library')) {
    return { page: 'knowledge', view: (first ?? 'library') as KnowledgeView, id: second ?? null }
  }
  if (page === 'admin' && segments.length <= 3 && ADMIN_VIEWS.includes(first ?? 'users')) {
    return { page: 'admin', view: (first ?? 'users') as AdminView, name: second ?? null }
  }
  return { page: 'unknown', path }
}

export function formatRoute(route: Route): string {
  const part = encodeURIComponent
  switch (route.page) {
    case 'portal':
      return '#/'
    case 'agent':
      return route.sessionId === null ? '#/agent' : `#/agent/${part(route.sessionId)}`
    case 'jobs':
    case 'joblens':
      return `#/${route.page}${route.job ? `/${part(route.job.cluster)}/${part(route.job.jobId)}` : ''}${searchOf(route.query)}`
    case 'dags':
      return route.dag
        ? `#/dags/${part(route.dag.cluster)}/${part(route.dag.id)}`
        : `#/dags${searchOf({ cluster: route.cluster })}`
    case 'cluster':
      return `#/cluster${route.incident ? `/${part(route.incident)}` : ''}${searchOf({ of: route.cluster })}`
    case 'knowledge': {
      const place = route.view === 'library' && route.id === null ? '' : `/${route.view}`
      return `#/knowledge${place}${route.id === null ? '' : `/${part(route.id)}`}`
    }
    case 'admin': {
      const place = route.view === 'users' && route.name === null ? '' : `/${route.view}`
      return `#/admin${place}${route.name === null ? '' : `/${part(route.name)}`}`
    }
    case 'approvals':
    case 'files':
    case 'usage':
      return `#/${route.page}${searchOf(route.query)}`
    case 'audit': {
      const place = route.view === 'calls' && route.id === null ? '' : `/${route.view}`
      return `#/audit${place}${route.id === null ? '' : `/${part(route.id)}`}${searchOf(route.query)}`
    }
    case 'tasks':
      return route.task === null ? '#/tasks' : `#/tasks/${part(route.task)}`
    case 'tokens':
    case 'foreign':
      return `#/${route.page}`
    case 'device':
      return `#/device${searchOf({ code: route.code })}`
    case 'consent':
      return `#/consent${searchOf({ request: route.request, problem: route.problem })}`
    case 'unknown':
      return `#${route.path}`
  }
}

function searchOf(query: Record<string, string>): string {
  const filled = Object.entries(query).filter(([, value]) => value !== '')
  return filled.length === 0 ? '' : `?${new URLSearchParams(filled)}`
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
