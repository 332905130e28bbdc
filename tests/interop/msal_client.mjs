// An application built on MSAL for Node, driven by lines of JSON: one request a line on stdin, one answer on stdout.

import { createInterface } from 'node:readline'
import { ConfidentialClientApplication, CryptoProvider, PublicClientApplication } from '@azure/msal-node'

const settings = JSON.parse(process.env.RELYING_PARTY)
const auth = { authority: settings.authority, knownAuthorities: [new URL(settings.authority).host] }
// The same application, proven by each of its credentials.
const proven = ([name, credential]) =>
  [name, new ConfidentialClientApplication({ auth: { ...auth, clientId: settings.clientId, ...credential } })]
const applications = Object.fromEntries(Object.entries(settings.credentials).map(proven))
const web = applications.secret
const tool = new PublicClientApplication({ auth: { ...auth, clientId: settings.toolId } })
let verifier
let waiting

const told = ({ accessToken, scopes, account }) =>
  ({ accessToken, scopes, username: account?.username ?? '', home: account?.homeAccountId ?? '' })

async function begin({ scopes, ...parameters }) {
  const { verifier: made, challenge } = await new CryptoProvider().generatePkceCodes()
  verifier = made
  const redirectUri = settings.redirectUri
  const request = { scopes, redirectUri, codeChallenge: challenge, codeChallengeMethod: 'S256', ...parameters }
  return { url: await web.getAuthCodeUrl(request) }
}

// `answer` holds the parameters that came back to the redirect address.
async function finish({ scopes, answer }) {
  const { redirectUri } = settings
  return told(await web.acquireTokenByCode({ scopes, code: answer.code, redirectUri, codeVerifier: verifier }, answer))
}

async function silently({ scopes }) {
  const [account] = await web.getTokenCache().getAllAccounts()
  return told(await web.acquireTokenSilent({ scopes, account, forceRefresh: true }))
}

const byItself = async ({ scopes, credential }) =>
  told(await applications[credential].acquireTokenByClientCredential({ scopes, skipCache: true }))

// Answers with what the person has to type; `device` waits for the tokens.
function startDevice({ scopes }) {
  return new Promise((resolve, reject) => {
    waiting = tool.acquireTokenByDeviceCode({ scopes, deviceCodeCallback: resolve })
    waiting.catch(reject)
  })
}

const device = async () => told(await waiting)

const verbs = { begin, finish, silently, byItself, startDevice, device }
for await (const line of createInterface({ input: process.stdin })) {
  const { verb, ...request } = JSON.parse(line)
  let answer
  try {
    answer = await verbs[verb](request)
  } catch (failure) {
    answer = { failure: { error: failure.errorCode ?? failure.name, description: failure.errorMessage ?? failure.message } }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
