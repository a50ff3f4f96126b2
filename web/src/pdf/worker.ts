/**
 * The thread in which a PDF is read. Trusted Types let a page start a worker only through a policy that the content policy
 * names; this one knows a single address, whatever it is asked for. The server's policy for that file lets it load nothing.
 */
import address from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

type ScriptPolicy = { createScriptURL(of: string): string }
type PolicyFactory = { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy }

const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory }
const policy = trustedTypes?.createPolicy('ink-pdf-worker', { createScriptURL: () => address })

export const startWorker = () => new Worker(policy?.createScriptURL('') ?? address, { type: 'module' })
