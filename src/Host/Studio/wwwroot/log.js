// A run's journal as one long page, for reading and searching.
import { el, notify, when } from './dom.js';
import { get } from './http.js';

const page = 500;

export async function showLog(view, id, signal) {
  const rows = el('tbody');
  view.replaceChildren(el('div', { class: 'vm-page' },
    el('h1', {}, 'Journal of run ', el('a', { href: `/studio/workflows/instances/${id}/view` }, id)),
    el('table', {}, el('thead', {}, el('tr', {}, ...['Time', 'Step', 'Event', 'What'].map(title => el('th', {}, title)))), rows)));
  try {
    for (let skip = 0; !signal.aborted; skip += page) {
      const { items } = await get(`/elsa/api/workflow-instances/${encodeURIComponent(id)}/journal?skip=${skip}&take=${page}`);
      rows.append(...items.map(row));
      if (items.length < page) return;
    }
  } catch (error) {
    notify(error.message, true);
  }
}

const row = entry => el('tr', {},
  el('td', {}, when(entry.timestamp)),
  el('td', {}, entry.activityName ?? entry.activityId),
  el('td', {}, entry.eventName),
  el('td', {}, entry.message ?? '', entry.payload && Object.keys(entry.payload).length > 0 ? el('pre', {}, JSON.stringify(entry.payload, null, 2)) : null));
