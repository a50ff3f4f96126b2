/** What stands around every page. */

export const frame = {
  name: 'English',
  app: 'INK Harness',
  skip: 'Skip to content',
  nav: { label: 'Main', portal: 'Portal', agent: 'Agent', jobs: 'Jobs', approvals: 'Approvals', tokens: 'API tokens' },
  common: {
    loading: 'Loading…',
    retry: 'Try again',
    close: 'Close',
    confirm: 'Please confirm',
    goOn: 'Continue',
    cancel: 'Cancel',
    refresh: 'Refresh',
    language: 'Language',
    dark: 'Dark theme',
    light: 'Light theme',
    notFound: 'There is no such page.',
    toPortal: 'Go to the portal',
  },
  connection: {
    offline: 'No answer from the server. What you see may be out of date; the page keeps trying.',
    reconnecting: 'The connection was lost. Connecting again…',
    signedOut: 'Your sign-in has ended.',
  },
  errors: {
    offline: 'The server could not be reached. Check your network, then try again.',
    deadline: 'The server took too long to answer. Try again in a moment.',
    indeterminate: 'It is not known whether this took effect. Look before you try again.',
    running: 'This is taking long and goes on in the background.',
    unknown: 'Something went wrong.',
    partMissing:
      'This part of the page could not be loaded. A new version may have been installed: load the page again.',
    wrongPassword: 'User name or password is wrong.',
  },
  signIn: {
    title: 'Sign in',
    lead: 'Jobs, files, terminals and an agent for your computing centre.',
    username: 'User name',
    password: 'Password',
    submit: 'Sign in',
    busy: 'Signing in…',
    linkUsed: 'A one-time link works once. If yours did not sign you in, ask for a new one or use your password.',
    signOut: 'Sign out',
  },
  identity: {
    actingAs: 'acting as',
    admin: 'administrator',
    cluster: 'cluster',
    model: 'model',
    tokens: (total: string) => `${total} tokens`,
    tokensDetail: (prompt: string, completion: string) =>
      `${prompt} read, ${completion} written by the model in this session`,
    trust: {
      builtin: 'offline guide – no language model',
      site: 'hosted by the site',
      external: 'external – may see scratch data only',
    },
    trustShort: { builtin: 'offline guide', site: 'site', external: 'external' },
  },
}
