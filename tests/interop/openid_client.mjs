// An application built on openid-client, driven by lines of JSON: one request a line on stdin, one answer on stdout.
// The library is used as its documentation shows; every check it can make is on.

import { createInterface } from 'node:readline'
import * as client from 'openid-client'

const settings = JSON.parse(process.env.RELYING_PARTY)
const pending = new Map()
let config

async function discover() {
  const found = await client.discovery(new URL(settings.issuer), settings.clientId, settings.clientSecret)
  client.enableNonRepudiationChecks(found) // the ID token's signature too, although TLS vouches for it
  return found
}

async function begin({ parameters }) {
  const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()]
  pending.set(state, { verifier, nonce, maxAge: parameters.max_age })
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: settings.redirectUri,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...parameters,
  })
  return { url: url.href }
}

async function finish({ url }) {
  const answer = new URL(url)
  const state = answer.searchParams.get('state')
  const { verifier, nonce, maxAge } = pending.get(state)
  pending.delete(state)
  const tokens = await client.authorizationCodeGrant(config, answer, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
    ...(maxAge === undefined ? {} : { maxAge: Number(maxAge) }), // compared with auth_time
  })
  const claims = tokens.claims()
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
  return { claims, userinfo, refreshToken: tokens.refresh_token ?? '' }
}

async function refresh({ refreshToken }) {
  const tokens = await client.refreshTokenGrant(config, refreshToken)
  return { claims: tokens.claims() }
}

const innermost = (failure) => (failure.cause instanceof Error ? innermost(failure.cause) : failure)

const verbs = { begin, finish, refresh }
for await (const line of createInterface({ input: process.stdin })) {
  const { verb, ...request } = JSON.parse(line)
  let answer
  try {
    config ??= await discover()
    answer = await verbs[verb](request)
  } catch (failure) {
    const { message, error = '', error_description: description = '' } = failure
    answer = { failure: { error: error || innermost(failure).code || failure.name, description: description || message } }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
