// The clusters that there are, with their nodes as the hypervisor sees them now.
import { attempt, chip, el, poll, table, when } from './dom.js';
import { get } from './http.js';
import { base, editor, viewer } from './navigation.js';
import { runWithInputs } from './run-form.js';

export function showClusters(view, signal) {
  const list = el('div', { 'aria-live': 'polite' }, el('p', { class: 'vm-muted' }, 'Asking the hypervisor …'));
  view.replaceChildren(el('div', { class: 'vm-page' }, el('h1', {}, 'Clusters'), list));
  let drawn;
  poll(5000, signal, async () => {
    const clusters = await get('/api/clusters');
    const text = JSON.stringify(clusters);
    // Drawn only when something changed, so that no button moves away under the pointer.
    if (signal.aborted || text === drawn) return;
    drawn = text;
    list.replaceChildren(...clusters.length === 0 ? [nothing()] : clusters.map(card));
  });
}

const nothing = () => el('p', {}, 'There is no cluster yet. Run the workflow ', el('a', { href: base + editor('build-cluster') }, 'build-cluster'), ' to build one.');

const card = cluster => el('section', { class: 'vm-card' },
  el('header', {}, el('h2', {}, cluster.name), chip(cluster.state), el('a', { href: base + viewer(cluster.runId) }, 'the run that built it')),
  el('p', { class: 'vm-muted' }, `${cluster.image} on ${cluster.provider}, network ${cluster.subnet}, made ${when(cluster.createdAt)}`),
  table(['Node', 'State', 'Address', 'SSH'], cluster.nodes.map(node => [node.name, chip(node.state), node.address, `127.0.0.1:${node.sshPort}`])),
  el('footer', {}, el('span', {}, 'Log in: ', el('code', {}, `./vmcluster ssh ${cluster.name}`)),
    action('Start …', 'start-cluster', cluster), action('Add nodes …', 'add-node', cluster), action('Destroy …', 'destroy-cluster', cluster, true)));

// Each is a workflow like any other, which the user can change.
const action = (text, workflow, cluster, isDestructive = false) =>
  el('button', { type: 'button', onclick: attempt(() => runWithInputs(workflow, { ClusterName: cluster.name }, isDestructive)) }, text);
