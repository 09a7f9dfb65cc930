// Addresses: all pages lie below the base, and are shown without loading the page anew.

export const base = '/studio/';

// Blazor has to be told, where it runs: Studio's lists write their filters behind the address that it knows.
export const go = path => window.Blazor ? window.Blazor.navigateTo(base + path) : history.pushState(null, '', base + path);

export const editor = definitionId => `workflows/definitions/${encodeURIComponent(definitionId)}/edit`;

export const viewer = runId => `workflows/instances/${encodeURIComponent(runId)}/view`;

// Calls back after each change of the address; Studio makes some without telling anybody, for instance after Run.
export function watchAddress(changed) {
  for (const name of ['pushState', 'replaceState']) {
    const original = history[name].bind(history);
    history[name] = (...parameters) => {
      original(...parameters);
      changed();
    };
  }

  addEventListener('popstate', changed);
  document.addEventListener('click', event => {
    const link = event.target.closest?.('a[href]');
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || event.defaultPrevented || !isPlain || link.target === '_blank' || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    // Studio's viewer links as if it were mounted at the root.
    const path = url.pathname.replace(/^\/workflows\//, `${base}workflows/`);
    if (url.origin !== location.origin || !path.startsWith(base)) return;
    event.preventDefault();
    go(path.slice(base.length) + url.search);
  });
}
