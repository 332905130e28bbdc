// npm oidc-provider with its documented settings on Redis: one process, as one worker of the others.

import { createPrivateKey } from 'node:crypto'
import http from 'node:http'
import Redis from 'ioredis'
import Provider from 'oidc-provider'

const { port, redis, signingKey, cookieKey, client, password } = JSON.parse(process.env.OIDC_PROVIDER)
const store = new Redis(redis, { keyPrefix: 'oidc:' })
const CONSUMABLE = new Set(['AuthorizationCode', 'RefreshToken', 'DeviceCode', 'BackchannelAuthenticationRequest'])
const GRANTABLE = new Set([...CONSUMABLE, 'AccessToken'])

// The adapter interface of the library, the way its own example for Redis keeps things.
class Adapter {
  constructor(model) {
    this.model = model
  }

  key(id) {
    return `${this.model}:${id}`
  }

  async upsert(id, payload, expiresIn) {
    const key = this.key(id)
    const batch = store.multi()
    if (CONSUMABLE.has(this.model)) batch.hset(key, { payload: JSON.stringify(payload) })
    else batch.set(key, JSON.stringify(payload))
    if (expiresIn) batch.expire(key, expiresIn)
    if (GRANTABLE.has(this.model) && payload.grantId) {
      batch.rpush(`grant:${payload.grantId}`, key)
      batch.expire(`grant:${payload.grantId}`, 14 * 24 * 3600)
    }
    if (payload.uid) {
      batch.set(`uid:${payload.uid}`, id)
      batch.expire(`uid:${payload.uid}`, expiresIn)
    }
    await batch.exec()
  }

  async find(id) {
    if (!CONSUMABLE.has(this.model)) {
      const text = await store.get(this.key(id))
      return text ? JSON.parse(text) : undefined
    }
    const { payload, ...rest } = await store.hgetall(this.key(id))
    return payload ? { ...rest, ...JSON.parse(payload) } : undefined
  }

  async findByUid(uid) {
    return this.find(await store.get(`uid:${uid}`))
  }

  async consume(id) {
    await store.hset(this.key(id), 'consumed', Math.floor(Date.now() / 1000))
  }

  async destroy(id) {
    await store.del(this.key(id))
  }

  async revokeByGrantId(grantId) {
    const batch = store.multi()
    for (const key of await store.lrange(`grant:${grantId}`, 0, -1)) batch.del(key)
    batch.del(`grant:${grantId}`)
    await batch.exec()
  }
}

// As those of the others, the client is looked up in the store at each request.
await new Adapter('Client').upsert(client.id, {
  client_id: client.id,
  client_secret: client.secret,
  redirect_uris: [client.redirectUri],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  token_endpoint_auth_method: 'client_secret_post',
})

const API = 'https://api.example'
const provider = new Provider('http://localhost', {
  adapter: Adapter,
  cookies: { keys: [cookieKey] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => API,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: 'read', audience: API, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
    },
  },
  expiresWithSession: () => false,
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  issueRefreshToken: () => true,
  jwks: { keys: [{ ...createPrivateKey(signingKey).export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'benchmark' }] },
  // The organization has agreed on behalf of its people: nobody is asked for consent.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
    grant.addOIDCScope('openid')
    grant.addResourceScope(API, 'read')
    await grant.save()
    return grant
  },
  pkce: { required: () => true },
  rotateRefreshToken: () => true,
  ttl: { AccessToken: 3900, AuthorizationCode: 300, ClientCredentials: 3900, Grant: 86400, IdToken: 3900, Interaction: 3600, RefreshToken: 86400, Session: 86400 },
})
provider.on('server_error', (_ctx, failure) => console.error(failure))

const PAGE = `<!doctype html><html lang="en"><title>Sign in</title><h1>Sign in</h1><form method="post">
<input name="login" aria-label="Name"><input name="password" type="password" aria-label="Password"><button>Sign in</button></form></html>`

async function body(request) {
  const parts = []
  for await (const part of request) parts.push(part)
  return new URLSearchParams(Buffer.concat(parts).toString())
}

async function interact(request, response) {
  await provider.interactionDetails(request, response)
  const given = request.method === 'POST' ? await body(request) : undefined
  if (given?.get('password') === password) {
    return provider.interactionFinished(request, response, { login: { accountId: given.get('login'), amr: ['pwd'] } })
  }
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  return response.end(PAGE)
}

const listener = provider.callback()
http
  .createServer((request, response) => {
    if (!request.url.startsWith('/interaction/')) return listener(request, response)
    return interact(request, response).catch((failure) => {
      console.error(failure)
      response.statusCode = 400
      response.end(failure.message)
    })
  })
  .listen(port, '127.0.0.1')
