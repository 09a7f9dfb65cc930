// The clusters that there are, with their nodes as the hypervisor sees them now.
import { chip, el, notify, poll, when } from './dom.js';
import { get } from './http.js';

export function showClusters(view, signal) {
  const list = el('div', {}, el('p', { class: 'vm-muted' }, 'Asking the hypervisor …'));
  view.replaceChildren(el('div', { class: 'vm-page' }, el('h1', {}, 'Clusters'), list));
  let drawn;
  poll(5000, signal, async () => {
    try {
      const clusters = await get('/api/clusters');
      const text = JSON.stringify(clusters);
      if (signal.aborted || text === drawn) return;
      drawn = text;
      list.replaceChildren(...clusters.length === 0 ? [nothing()] : clusters.map(card));
    } catch (error) {
      if (!signal.aborted) notify(error.message, true);
    }
  });
}

const nothing = () => el('p', {}, 'There is no cluster yet. Run the workflow ', el('a', { href: '/studio/workflows/definitions/build-cluster/edit' }, 'build-cluster'), ' to build one.');

const card = cluster => el('section', { class: 'vm-card' },
  el('header', {}, el('h2', {}, cluster.name), chip(cluster.state), el('a', { href: `/studio/workflows/instances/${cluster.runId}/view` }, 'the run that built it')),
  el('p', { class: 'vm-muted' }, `${cluster.image} on ${cluster.provider}, network ${cluster.subnet}, made ${when(cluster.createdAt)}`),
  el('table', {},
    el('thead', {}, el('tr', {}, ...['Node', 'State', 'Address', 'SSH port'].map(title => el('th', {}, title)))),
    el('tbody', {}, ...cluster.nodes.map(node => el('tr', {},
      el('td', {}, node.name), el('td', {}, chip(node.state)), el('td', {}, node.address), el('td', {}, `127.0.0.1:${node.sshPort}`))))),
  el('p', {}, 'Log in: ', el('code', {}, `vmcluster ssh ${cluster.name}`)));
