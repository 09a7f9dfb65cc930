// The page around Studio: it finds the view for an address and keeps both together.
import { hasCrashed, leaveStudio, showStudio, watchForCrash } from './studio.js';
import { showClusters } from './clusters.js';
import { showLog } from './log.js';
import { showEditorBar } from './editor-bar.js';
import { showRunBar } from './run-bar.js';
import { base, editor, go, viewer, watchAddress } from './navigation.js';
import { explainRefusedImports } from './run-import.js';
import { lastAway, watchConnection } from './connection.js';
import { el } from './dom.js';
import { get } from './http.js';

const view = document.getElementById('view');
const bar = document.getElementById('bar');

const edit = id => go(editor(id));
const watch = id => go(viewer(id));

// Path, title, and what is shown; Studio's elements fail on what does not exist, so that is asked before.
const routes = [
  [/^workflows\/definitions$/, 'Workflows', signal => showStudio(view, 'elsa-workflow-definition-list', {}, { editWorkflowDefinition: edit }, signal)],
  [/^workflows\/definitions\/([^/]+)\/edit$/, 'Workflow', async (signal, id) => {
    await get(`/elsa/api/workflow-definitions/by-definition-id/${encodeURIComponent(id)}?versionOptions=Latest`);
    if (signal.aborted) return;
    await showStudio(view, 'elsa-workflow-definition-editor', { 'definition-id': id }, {}, signal);
    if (!signal.aborted) showEditorBar(bar, id);
  }],
  [/^workflows\/instances$/, 'Runs', signal => showStudio(view, 'elsa-workflow-instance-list', {}, { viewWorkflowInstance: watch }, signal)],
  [/^workflows\/instances\/([^/]+)\/view$/, 'Run', async (signal, id) => {
    const run = await get(`/api/runs/${encodeURIComponent(id)}`);
    if (signal.aborted) return;
    showRunBar(bar, run, signal, showAgain);
    await showStudio(view, 'elsa-workflow-instance-viewer', { 'instance-id': id }, { editWorkflowDefinition: edit }, signal);
  }],
  [/^workflows\/instances\/([^/]+)\/log$/, 'Journal', (signal, id) => showLog(view, id, signal)],
  [/^clusters$/, 'Clusters', signal => showClusters(view, signal)],
  [/^/, 'Not found', () => { throw new Error('There is no such page.'); }],
];

let shown;
let current = new AbortController();

async function show() {
  const path = location.pathname.slice(base.length);
  if (path === '') {
    history.replaceState(null, '', `${base}workflows/definitions`);
    return;
  }

  // Studio's lists keep their filters in the query; only another path is another view.
  if (path === shown) return;
  shown = path;

  current.abort();
  current = new AbortController();
  const { signal } = current;
  const [pattern, title, open] = routes.find(([pattern]) => pattern.test(path));
  document.title = `${title} · VmCluster`;
  for (const link of document.querySelectorAll('.vm-header nav a')) {
    if (location.pathname.startsWith(link.getAttribute('href'))) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }

  bar.replaceChildren();
  leaveStudio(view);
  try {
    await open(signal, ...path.match(pattern).slice(1).map(decodeURIComponent));
  } catch (error) {
    if (!signal.aborted) view.replaceChildren(el('div', { class: 'vm-page' }, el('h1', {}, title), el('p', { role: 'alert' }, error.message)));
  }
}

function showAgain() {
  shown = undefined;
  show();
}

explainRefusedImports();
watchAddress(show);
show();

// What is clicked on a page that is going already would be lost without a word.
function reload() {
  document.body.inert = true;
  location.reload();
}

// Studio does not survive that the server goes away; an editor that did may hold changes that are not saved yet.
const isEditing = () => /\/edit$/.test(location.pathname) && view.firstElementChild?.localName === 'elsa-workflow-definition-editor';
watchConnection(() => { if (hasCrashed() || !isEditing()) reload(); });
watchForCrash(() => { if (performance.now() - lastAway < 30000) reload(); });
