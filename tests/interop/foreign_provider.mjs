// A provider of somebody else, on the certified oidc-provider: acr "1" after a password, "2" after a one-time code.
// Its role values are its own, and its people have no tenant: the portal knows them by (iss, sub).

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import https from 'node:https'
import Provider, { interactionPolicy } from 'oidc-provider'

const settings = JSON.parse(process.env.FOREIGN_PROVIDER)
const { issuer, client, people } = settings

const policy = interactionPolicy.base()
const { checks } = policy.get('login')
const essential = checks.get('essential_acrs')
checks.remove('essential_acrs')
checks.add(
  new interactionPolicy.Check(
    essential.reason,
    essential.description,
    // Asked for once: like providers that take `acr` as a wish, this one then answers with the level it reached.
    (ctx) => (ctx.oidc.result?.secondFactorAsked ? interactionPolicy.Check.NO_NEED_TO_PROMPT : essential.check(ctx)),
    ({ oidc }) => ({ acr: oidc.claims.id_token.acr }),
  ),
)

const provider = new Provider(issuer, {
  acrValues: ['1', '2'],
  claims: {
    openid: ['sub'],
    profile: ['name', 'preferred_username'],
    roles: ['roles'],
    acr: null,
    auth_time: null,
    sid: null,
    iss: null,
  },
  clients: [
    {
      client_id: client.id,
      client_secret: client.secret,
      redirect_uris: [client.redirectUri],
      post_logout_redirect_uris: [client.postLogoutRedirectUri],
      backchannel_logout_uri: client.backchannelLogoutUri,
      backchannel_logout_session_required: true,
      token_endpoint_auth_method: 'client_secret_basic',
    },
  ],
  conformIdTokenClaims: false, // as Keycloak's mappers do: roles and names are in the ID token
  cookies: { keys: [randomBytes(32).toString('hex')] },
  features: {
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true },
    devInteractions: { enabled: false },
  },
  // The portal is on this machine, which the library's own dispatcher refuses to call; certificates stay checked.
  fetch: (url, { dispatcher: _public, ...options }) => fetch(url, options),
  findAccount: (_ctx, sub) => {
    const { login, ...claims } = people[sub]
    return { accountId: sub, claims: () => ({ sub, ...claims }) }
  },
  interactions: { policy, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  // The organization has agreed on behalf of its people: nobody is asked for consent.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
    grant.addOIDCScope('openid profile roles')
    await grant.save()
    return grant
  },
  pkce: { required: () => true },
  ttl: { AccessToken: 600, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600 },
})

provider.on('backchannel.error', (_ctx, failure) => console.error(failure))
provider.on('server_error', (_ctx, failure) => console.error(failure))

const page = (title, fields, buttons) => `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>
<form method="post">${fields.map((name) => `<input name="${name}" aria-label="${name}">`).join('')}
${buttons.map(([value, label]) => `<button name="do" value="${value}">${label}</button>`).join('')}</form>`

const SECOND = [['verify', 'Verify'], ['skip', 'Not now'], ['unable', 'I have no phone'], ['cancel', 'Cancel']]
const pages = {
  first: page('Sign in', ['login', 'password'], [['password', 'Sign in']]),
  second: page('Verify', ['code'], SECOND),
}

// Only a missing level is a matter of the second factor; whoever is not signed in, or not anew, gives a password.
const turnOf = ({ prompt }) => (prompt.reasons.every((reason) => reason.startsWith('essential_acr')) ? 'second' : 'first')

function firstFactor(given) {
  const [accountId] = Object.keys(people).filter((sub) => people[sub].login === given.get('login'))
  if (given.get('do') !== 'password' || !accountId || given.get('password') !== settings.password) return undefined
  return { login: { accountId, acr: '1', amr: ['pwd'] } }
}

function secondFactor(given, accountId) {
  switch (given.get('do')) {
    case 'verify':
      if (given.get('code') !== settings.code) return undefined
      return { login: { accountId, acr: '2', amr: ['pwd', 'otp'] }, secondFactorAsked: true }
    case 'skip':
      return { login: { accountId, acr: '1', amr: ['pwd'] }, secondFactorAsked: true }
    case 'unable':
      return { error: 'unmet_authentication_requirements', error_description: 'No second factor is registered' }
    case 'cancel':
      return { error: 'access_denied', error_description: 'Cancelled by the person' }
  }
}

async function body(request) {
  const parts = []
  for await (const part of request) parts.push(part)
  return new URLSearchParams(Buffer.concat(parts).toString())
}

async function interact(request, response) {
  const details = await provider.interactionDetails(request, response)
  const turn = turnOf(details)
  if (request.method === 'POST') {
    const given = await body(request)
    const result = turn === 'first' ? firstFactor(given) : secondFactor(given, details.session.accountId)
    if (result) return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  }
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  return response.end(pages[turn])
}

const listener = provider.callback()
const tls = { cert: readFileSync(process.env.TLS_CERTIFICATE), key: readFileSync(process.env.TLS_KEY) }
https
  .createServer(tls, (request, response) => {
    if (!request.url.startsWith('/interaction/')) return listener(request, response)
    return interact(request, response).catch((failure) => {
      console.error(failure)
      response.statusCode = 400
      response.end(failure.message)
    })
  })
  .listen(Number(new URL(issuer).port), '127.0.0.1')
