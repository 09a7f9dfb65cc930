// Studio's elements: loading the runtime once, and swapping one element for another.
import { el } from './dom.js';

// A removed element is disposed one second later; a second one before that fails.
const disposal = 1300;

const scripts = [
  '_content/BlazorMonaco/jsInterop.js',
  '_content/BlazorMonaco/lib/monaco-editor/min/vs/loader.js',
  '_content/BlazorMonaco/lib/monaco-editor/min/vs/editor/editor.main.js',
  '_content/MudBlazor/MudBlazor.min.js',
  '_content/CodeBeam.MudBlazor.Extensions/MudExtensions.min.js',
  '_content/Radzen.Blazor/Radzen.Blazor.js',
  '_framework/blazor.webassembly.js',
];

let loading;
let removed = 0;

// Pages of our own open at once, so the runtime is loaded when the first element is wanted.
function load() {
  loading ??= scripts.reduce((before, source) => before.then(() => new Promise((resolve, reject) => {
    const script = el('script', { src: source });
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${source} could not be loaded; reload the page.`));
    document.body.append(script);
  })), Promise.resolve());
  return loading;
}

export async function showStudio(view, name, attributes, callbacks, signal) {
  view.replaceChildren(el('p', { class: 'vm-loading', role: 'status' }, 'Loading Studio …'));
  await load();
  await customElements.whenDefined(name);
  const wait = removed + disposal - performance.now();
  if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait));
  if (signal.aborted) return;

  const element = el(name, { 'remote-endpoint': `${location.origin}/elsa/api`, ...attributes });
  Object.assign(element, callbacks);
  view.replaceChildren(element);
}

export function leaveStudio(view) {
  if (view.firstElementChild?.localName.startsWith('elsa-')) removed = performance.now();
  view.replaceChildren();
}

// Blazor shows this element when it has stopped for good.
const crash = document.getElementById('blazor-error-ui');

export const hasCrashed = () => getComputedStyle(crash).display !== 'none';

export function watchForCrash(crashed) {
  crash.querySelector('button').addEventListener('click', () => location.reload());
  new MutationObserver(() => { if (hasCrashed()) crashed(); }).observe(crash, { attributeFilter: ['style', 'class'] });
}
