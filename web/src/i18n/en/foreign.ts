/** Foreign MCP servers and the review of their tools. */

export const foreign = {
  foreign: {
    title: 'Foreign tools',
    lead: 'Tools of MCP servers that are not ours. Agents use a tool only in the definition that was accepted here; one that changes waits for a new look.',
    none: 'The settings name no foreign MCP server.',
    noTools: 'It offers no tool, or was never heard.',
    connected: 'connected',
    notConnected: 'not connected',
    states: { accepted: 'accepted', new: 'new', changed: 'changed', gone: 'gone', unfit: 'cannot be used' },
    definition: 'Its definition, in the server’s own words',
    accept: 'Use exactly these',
    acceptHint: 'What is not ticked is not used.',
  },
}
