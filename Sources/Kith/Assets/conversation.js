// Keeps an open conversation live; without it, loading the page again does the same. What people write goes into the
// page as text only. Drafts stay in the form and nowhere else, for people share devices.

const $ = (selector, within = document) => within.querySelector(selector);
const log = $('[role=log]');
const list = $('ol', log);
const latest = $('#latest');
const form = $('form[data-reading]');
const { body: box, message: key, through } = form.elements;
const button = $('button', form);
const words = { ...form.dataset, send: button.textContent };
const seen = { delivered: Number(words.delivered), read: Number(words.read) };

const items = () => [...list.querySelectorAll('.message:not([data-pending])')];
const number = (item) => Number(item?.dataset.sequence ?? 0);
const last = (side) => items().filter((item) => item.matches(side)).pop();
const blank = () => $('template[data-message]').content.firstElementChild.cloneNode(true);
const say = (place, text) => { $(`[data-${place}]`).textContent = text; };
const post = (url, fields, options) => fetch(url, {
  method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams(fields), ...options,
});

// Showing

function fill(item, message) {
  item.className = `message ${message.mine ? 'mine' : 'theirs'}`;
  $('.person', item).textContent = message.name;
  $('.tag', item).textContent = message.role;
  $('.words', item).textContent = message.body;
  $('time', item).textContent = message.time;
  $('time', item).dateTime = message.sentAt;
  const report = $('[data-report]', item);
  if (message.mine) report?.parentNode.remove();
  else report.href = `${location.pathname}/messages/${message.sequence}/report`;
  return item;
}

function receive(message) {
  if (items().some((item) => number(item) === message.sequence)) return;
  const inView = latest.getBoundingClientRect().top < innerHeight;
  const item = fill($(`[data-pending="${message.id}"]`, list) || blank(), message);
  item.id = `m${message.sequence}`;
  item.dataset.sequence = message.sequence;
  delete item.dataset.pending;
  const next = items().find((other) => number(other) > message.sequence) || $('[data-pending]', list);
  list.insertBefore(item, next);
  if (!next && [...list.querySelectorAll('.day')].pop()?.textContent !== message.day) {
    const day = document.createElement('li');
    day.className = 'day hint';
    day.textContent = message.day;
    item.before(day);
  }
  $('[data-empty]')?.remove();
  if (message.id === key.value) settle();
  tell();
  if (inView || message.mine) latest.scrollIntoView({ block: 'nearest' });
}

function state(item, text) {
  const line = $('[data-state]', item) || item.appendChild(document.createElement('p'));
  line.className = 'hint';
  line.dataset.state = '';
  if (line.textContent !== text) line.textContent = text;
}

// What has become of my last message, in words under it.
function tell() {
  const item = last('.mine');
  for (const line of list.querySelectorAll('.message:not([data-pending]) [data-state]')) {
    if (line.parentNode !== item) line.remove();
  }
  const how = number(item) <= seen.read ? 'Read' : number(item) <= seen.delivered ? 'Delivered' : 'Sent';
  if (item) state(item, words[`said${how}`]);
}

// Writing

let tried = null; // words that went out under this key and have no answer yet
let busy = false;

function renew() {
  const digits = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0'));
  key.value = digits.join('').replace(/^(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-8$4-');
}

// What the box holds has arrived.
function settle() {
  if (box.value.trim() === tried) box.value = '';
  tried = null;
  renew();
  button.textContent = words.send;
  say('status', '');
}

// Somebody reads it before others do.
function hold(item) {
  state(item, words.held);
  item.dataset.pending = '';
  settle();
}

// Help, for whoever wrote something hard.
function offer(path) {
  const help = $('[data-help]');
  $('form', help).action = `${path}/answer`;
  help.hidden = false;
  help.scrollIntoView({ block: 'nearest' });
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const body = box.value.trim();
  if (!body || busy) return;
  // The same words under the same key are one message, however often they go; other words are another.
  if (tried !== null && tried !== body) renew();
  tried = body;
  through.value = heard;
  busy = box.readOnly = true;
  say('status', '');
  const message = { id: key.value, mine: true, name: words.name, role: words.role, body, time: '', sentAt: '' };
  const item = fill(blank(), message);
  item.dataset.pending = message.id;
  list.append(item);
  state(item, words.sending);
  let problem = words.failed;
  try {
    const answer = await post(form.action, new FormData(form), { signal: AbortSignal.timeout(15000) });
    const said = await answer.json();
    if (answer.ok) {
      if (said.sequence) receive({ ...message, ...said });
      else hold(item);
      if (said.help) offer(said.help);
    } else if (answer.status < 500 && ![408, 429].includes(answer.status)) problem = said.text || words.refused;
  } catch { /* said below */ }
  busy = box.readOnly = false;
  if (!item.dataset.pending) return; // it arrived, by the answer or by the stream, or is held back
  item.remove();
  button.textContent = words.retry;
  say('status', problem);
});

// Receiving and reading

// Everything up to this number is here: the page came with it, or the stream brought it, in order. My own message may
// stand further on, by the answer to it, before what was written to me in between has come.
let heard = number(items().pop());
let told = { no: heard, yes: heard }; // so much was told by opening the page

// Says what has arrived, and whether it is in front of somebody.
function report() {
  const isSeen = document.visibilityState === 'visible' ? 'yes' : 'no';
  const news = items().filter((item) => item.matches('.theirs') && number(item) <= heard).pop();
  if (number(news) <= told[isSeen]) return;
  const before = told;
  told = isSeen === 'yes' ? { no: heard, yes: heard } : { ...told, no: heard };
  const again = () => { told = before; };
  const fields = { 'form-token': form.elements['form-token'].value, from: number(items()[0]), through: heard };
  post(words.reading, { ...fields, seen: isSeen }, { keepalive: true }).then((answer) => answer.ok || again(), again);
}

document.addEventListener('visibilitychange', report);

// Listening

let waiting;

function wait(milliseconds, act) {
  clearTimeout(waiting);
  waiting = act && setTimeout(act, milliseconds);
}

function listen() {
  const source = new EventSource(`${log.dataset.live}?after=${heard}`);
  const on = (name, act) => source.addEventListener(name, (event) => act(event.data && JSON.parse(event.data)));
  on('message', (message) => {
    receive(message);
    heard = Math.max(heard, message.sequence);
    report();
  });
  on('seen', (marks) => { Object.assign(seen, marks); tell(); });
  on('closed', ({ text }) => { button.hidden = true; say('status', text); });
  on('open', () => { wait(); say('connection', ''); report(); });
  on('error', () => {
    if (source.readyState === EventSource.CLOSED) {
      say('connection', words.over);
      wait(15000, listen);
    } else if (!waiting) wait(5000, () => say('connection', words.lost));
  });
}

listen();
