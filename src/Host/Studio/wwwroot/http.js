// Requests to our own server. Errors carry the sentence that the server gave.

export class RequestError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status; // 0 where no answer came.
  }
}

export async function errorOf(response) {
  const answer = await response.json().catch(() => null);
  const message = answer?.errors?.generalErrors?.join('\n') ?? answer?.message ?? `The server answered ${response.status}.`;
  return new RequestError(message, response.status);
}

export async function request(method, path, body) {
  const options = { method, headers: { Accept: 'application/json' } };
  if (body !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(body);
    // What a user has asked for arrives also when the page is loaded anew meanwhile; browsers do so for up to 64 KiB.
    options.keepalive = options.body.length < 20000;
  }

  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new RequestError('The server does not answer. Is `vmcluster serve` still running?', 0);
  }

  if (!response.ok) throw await errorOf(response);

  return response;
}

export async function get(path) {
  return (await request('GET', path)).json();
}

export const post = (path, body) => request('POST', path, body);
