// A certified OpenID provider with everything in memory, for the tests: node provider.mjs PORT REDIRECT_URI MODE.
// MODE "userinfo" leaves the profile out of the ID token, "id_token" puts it in.
import { Provider } from 'oidc-provider'

const [port, redirectUri, mode] = process.argv.slice(2)
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: 'ink',
      client_secret: 'a secret with % and : in it, and long enough',
      application_type: 'native',
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: 'client_secret_basic',
    },
  ],
  claims: { openid: ['sub'], profile: ['preferred_username', 'name'] },
  conformIdTokenClaims: mode === 'userinfo',
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ['only for a test'] },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  // Whoever types "id-alice" has that subject and the user name alice.
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: id.replace(/^id-/, ''), name: id.toUpperCase() }),
  }),
})
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'))
