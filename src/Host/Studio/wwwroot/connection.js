// Notices when the server is gone, says so, and when it is back.
import { request } from './http.js';

const pause = 2000;
const notice = document.getElementById('connection');

// When the server was last seen to be gone, on the clock of performance.now().
export let lastAway = -Infinity;

export async function watchConnection(whenBack) {
  for (let isAway = false, instance; ; await new Promise(resolve => setTimeout(resolve, pause))) {
    let error;
    try {
      const answering = (await request('HEAD', '/shell/icon.svg')).headers.get('Vm-Instance');
      // A restart may begin and end between two looks.
      if (instance !== undefined && answering !== instance && !isAway) {
        isAway = true;
        lastAway = performance.now();
      }
      instance = answering;
    } catch (failure) {
      error = failure;
    }

    // Signed out is gone too: whatever is done now would fail.
    const text = error?.status === 0 ? 'The server does not answer; waiting for it.' : error?.status === 401 ? 'You are not signed in any more. Open the link that vmcluster serve printed last.' : null;
    notice.hidden = text === null;
    notice.textContent = text ?? '';
    if (text !== null) lastAway = performance.now();
    if (isAway && text === null) whenBack();
    isAway = text !== null;
  }
}
