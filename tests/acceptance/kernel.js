// In a page of JupyterLab: starts a kernel, runs `code` over its WebSocket, and answers what it printed.
// The messages are those of jupyter-client.readthedocs.io/en/stable/messaging.html.
async ({ base, code }) => {
  const xsrf = document.cookie.match(/_xsrf=([^;]*)/)?.[1] ?? ''
  const made = await fetch(`${base}api/kernels`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-XSRFToken': xsrf },
    body: '{"name": "python3"}',
  })
  if (!made.ok) throw new Error(`no kernel: ${made.status} ${await made.text()}`)
  const { id } = await made.json()
  const socket = new WebSocket(`ws://${location.host}${base}api/kernels/${id}/channels`)
  const header = { msg_id: crypto.randomUUID(), msg_type: 'execute_request', version: '5.3', session: 's', username: '' }
  const content = { code, silent: false, store_history: false, user_expressions: {}, allow_stdin: false }
  let printed = ''
  await new Promise((resolve, reject) => {
    socket.onopen = () =>
      socket.send(JSON.stringify({ header, content, channel: 'shell', parent_header: {}, metadata: {} }))
    socket.onclose = () => reject(new Error('the kernel is gone'))
    socket.onmessage = ({ data }) => {
      const { msg_type: type, content, parent_header: parent } = JSON.parse(data)
      if (parent?.msg_id !== header.msg_id) return
      if (type === 'stream') printed += content.text
      if (type === 'error') reject(new Error(content.evalue))
      if (type === 'status' && content.execution_state === 'idle') resolve() // the last of what it publishes
    }
  })
  socket.onclose = null
  socket.close()
  return printed
}
