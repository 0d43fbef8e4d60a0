// Only adds: every page works without this file. Shortcuts act when no field has the focus and no modifier is held.
const all = (s) => [...document.querySelectorAll(s)];
const stops = all('.pair[tabindex], .hits > li > article, .card');
stops.forEach((e) => { e.tabIndex = -1; });
let at = -1;

const go = (e) => {
  if (!e) return;
  at = stops.indexOf(e);
  e.focus({ preventScroll: true });
  e.scrollIntoView({ block: 'nearest' });
};
const next = (test) => stops.find((e, i) => i > at && test(e)) ?? stops.find(test);
const press = (value) => document.activeElement.closest('.card')?.querySelector(`button[value="${value}"]`)?.click();

const keys = {
  '/': () => document.querySelector('input[type=search]')?.focus(),
  j: () => go(stops[Math.min(at + 1, stops.length - 1)]),
  k: () => go(stops[Math.max(at - 1, 0)]),
  n: () => (document.activeElement.closest('.card') ? press('not') : go(next((e) => e.querySelector('.df')))),
  m: () => go(next((e) => e.querySelector('mark'))),
  c: () => document.querySelector('#cite')?.scrollIntoView(),
  y: () => press('same'),
  s: () => press('later'),
  o: () => keys.Enter(),
  u: () => document.querySelector('a[href*="undo"]')?.click(),
  b: () => (document.querySelector('.tools .seg [aria-current] + a') ?? document.querySelector('.tools .seg a'))?.click(),
  '?': () => document.querySelector('a[href$="#keys"]')?.click(),
  Enter: () => stops[at] === document.activeElement && stops[at].querySelector('h2 a, h3 a, .row a')?.click(),
};

document.addEventListener('keydown', (event) => {
  if (document.documentElement.dataset.keys === 'off') return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, select, textarea, [contenteditable]')) return;
  const act = keys[event.key];
  if (!act || (event.key === 'Enter' && event.target.closest('a, button, summary'))) return;
  if (act() !== false) event.preventDefault();
});
document.addEventListener('focusin', (event) => {
  const stop = event.target.closest('.pair[tabindex], .hits > li > article, .card');
  if (stop) at = stops.indexOf(stop);
});
document.addEventListener('click', (event) => {
  const copy = event.target.closest('[data-copy]');
  if (copy) navigator.clipboard?.writeText(all(copy.dataset.copy).map((e) => e.innerText.trim()).join('\n\n'));
  const step = event.target.closest('[data-next]');
  if (step) { event.preventDefault(); go(next((e) => e.querySelector(step.dataset.next === 'diff' ? '.df' : 'mark'))); }
  all('.menu[open]').forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});
