// Requests to our own server. Errors carry the sentence that the server gave.

export async function request(method, path, body) {
  const options = { method, headers: { Accept: 'application/json' } };
  if (body !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(body);
  }

  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error('The server does not answer. Is `vmcluster serve` still running?');
  }

  if (!response.ok) {
    const answer = await response.json().catch(() => null);
    throw new Error(answer?.errors?.generalErrors?.join('\n') ?? answer?.message ?? `The server answered ${response.status}.`);
  }

  return response;
}

export async function get(path) {
  return (await request('GET', path)).json();
}

export const post = (path, body) => request('POST', path, body);

// False only where the server says so: whatever else is wrong, the view itself will tell.
export async function exists(path) {
  const response = await fetch(path).catch(() => null);
  return response?.status !== 404;
}
