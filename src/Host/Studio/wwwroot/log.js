// A run's journal as one long page, for reading and searching.
import { el, row, table, when } from './dom.js';
import { get } from './http.js';
import { base, viewer } from './navigation.js';

const page = 500;

export async function showLog(view, id, signal) {
  const entries = table(['Time', 'Step', 'Event', 'What'], []);
  view.replaceChildren(el('div', { class: 'vm-page' },
    el('h1', {}, 'Journal of run ', el('a', { href: base + viewer(id) }, id)), entries));
  for (let skip = 0; !signal.aborted; skip += page) {
    const { items } = await get(`/elsa/api/workflow-instances/${encodeURIComponent(id)}/journal?skip=${skip}&take=${page}`);
    entries.tBodies[0].append(...items.map(entry));
    if (items.length < page) return;
  }
}

const entry = ({ timestamp, activityName, activityId, eventName, message, payload }) => row([
  when(timestamp),
  activityName ?? activityId,
  eventName,
  el('div', {}, message ?? '', payload && Object.keys(payload).length > 0 ? el('pre', {}, JSON.stringify(payload, null, 2)) : null),
]);
