// The page around Studio: it finds the view for an address and keeps both together.
import { showStudio, leaveStudio, watchForCrash } from './studio.js';
import { showClusters } from './clusters.js';
import { showLog } from './log.js';
import { showEditorBar } from './editor-bar.js';
import { showRunBar } from './run-bar.js';
import { exists } from './http.js';

const base = '/studio/';
const view = document.getElementById('view');
const bar = document.getElementById('bar');

const routes = [
  [/^workflows\/definitions$/, 'Workflows', signal => showStudio(view, 'elsa-workflow-definition-list', {}, { editWorkflowDefinition: edit }, signal)],
  [/^workflows\/definitions\/([^/]+)\/edit$/, 'Workflow', async (signal, id) => {
    if (!await exists(`/elsa/api/workflow-definitions/by-definition-id/${id}?versionOptions=Latest`)) return missing('There is no such workflow.');
    showEditorBar(bar, id, signal);
    return showStudio(view, 'elsa-workflow-definition-editor', { 'definition-id': id }, {}, signal);
  }],
  [/^workflows\/instances$/, 'Runs', signal => showStudio(view, 'elsa-workflow-instance-list', {}, { viewWorkflowInstance: watch }, signal)],
  [/^workflows\/instances\/([^/]+)\/view$/, 'Run', async (signal, id) => {
    if (!await exists(`/elsa/api/workflow-instances/${id}`)) return missing('There is no such run.');
    showRunBar(bar, id, signal);
    return showStudio(view, 'elsa-workflow-instance-viewer', { 'instance-id': id }, { editWorkflowDefinition: edit }, signal);
  }],
  [/^workflows\/instances\/([^/]+)\/log$/, 'Log', (signal, id) => showLog(view, id, signal)],
  [/^clusters$/, 'Clusters', signal => showClusters(view, signal)],
];

let shown;
let current = new AbortController();

export function go(path) {
  history.pushState(null, '', base + path);
}

function edit(id) {
  go(`workflows/definitions/${id}/edit`);
}

function watch(id) {
  go(`workflows/instances/${id}/view`);
}

function missing(text) {
  const page = document.createElement('div');
  page.className = 'vm-page';
  page.textContent = text;
  view.replaceChildren(page);
}

async function show() {
  const path = location.pathname.slice(base.length);
  if (path === '') return history.replaceState(null, '', base + 'workflows/definitions');
  // Studio's lists keep their filters in the query; only another path is another view.
  if (path === shown) return;
  shown = path;

  current.abort();
  current = new AbortController();
  const { signal } = current;
  bar.replaceChildren();
  for (const link of document.querySelectorAll('.vm-header nav a')) {
    const here = location.pathname.startsWith(link.getAttribute('href'));
    here ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
  }

  await leaveStudio(view);
  if (signal.aborted) return;
  const [pattern, title, open] = routes.find(([pattern]) => pattern.test(path)) ?? [/^/, 'Not found', () => missing('There is no such page.')];
  document.title = `${title} · VmCluster`;
  await open(signal, ...path.match(pattern).slice(1).map(decodeURIComponent));
}

// Studio changes the address without telling anybody, for instance after Run.
for (const name of ['pushState', 'replaceState']) {
  const original = history[name].bind(history);
  history[name] = (...parameters) => {
    original(...parameters);
    show();
  };
}

addEventListener('popstate', show);
document.addEventListener('click', event => {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || link.target === '_blank' || link.hasAttribute('download')) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin) return;
  const path = url.pathname.replace(/^\/workflows\//, base + 'workflows/');
  if (!path.startsWith(base)) return;
  event.preventDefault();
  go(path.slice(base.length) + url.search);
});

watchForCrash();
show();
