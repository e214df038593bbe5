// Keeps an open conversation live; without it, loading the page again does the same. What people write goes into the
// page as text only. Drafts are kept by the server, for people share devices.

const $ = (selector, within = document) => within.querySelector(selector);
const log = $('[role=log]');
const list = $('ol', log);
const latest = $('#latest');
const form = $('form[data-reading]');
const { body: box, message: key, through } = form.elements;
const button = $('button', form);
const words = { ...$('[data-attaching]')?.dataset, ...form.dataset, send: button.textContent };
const seen = { delivered: Number(words.delivered), read: Number(words.read) };
const isGroup = words.delivered === ''; // nobody is shown how far others have got

const items = () => [...list.querySelectorAll('.message:not([data-pending])')];
const number = (item) => Number(item?.dataset.sequence ?? 0);
const last = (side) => items().filter((item) => item.matches(side)).pop();
const blank = () => $('template[data-message]').content.firstElementChild.cloneNode(true);
const say = (place, text) => { $(`[data-${place}]`).textContent = text; };
const post = (url, fields, options) => fetch(url, {
  method: 'POST', headers: { Accept: 'application/json' }, ...options,
  body: fields instanceof FormData ? fields : new URLSearchParams(fields),
});

// Showing

function fill(item, message) {
  const { sequence, quote, note, mine, deleted, file } = message;
  const part = (name, isThere) => {
    const found = $(`[data-${name}]`, item);
    if (!isThere) found.remove();
    return isThere ? found : null;
  };
  item.className = `message ${mine ? 'mine' : 'theirs'}`;
  $('.person', item).textContent = message.name;
  $('.tag', item).textContent = message.role;
  $('time', item).textContent = message.time;
  $('time', item).dateTime = message.sentAt;
  part('edited', message.edited);
  part('called', isGroup && !mine && message.body.toLowerCase().includes(`@${words.name.toLowerCase()}`));
  const [quoted, noted] = [part('quote', quote), part('note', note)];
  if (quoted) {
    Object.assign($('a', quoted), { textContent: quote.name, href: `#m${quote.sequence}` });
    $('span', quoted).textContent = quote.body;
  }
  if (noted) {
    $('summary', noted).textContent = note;
    $('[data-content]', item).remove();
  }
  $('.words', item).textContent = message.body;
  if (!message.body) $('.words', item).remove();
  const [picture, voice] = [part('picture', file?.kind === 'picture'), part('voice', file?.kind === 'voice')];
  const source = file?.url ?? `${location.pathname}/messages/${sequence}/attachment`;
  if (picture) {
    $('a', picture).href = source;
    Object.assign($('img', picture), { alt: file.text, ...file.width && { width: file.width, height: file.height } });
    $('img', picture).src = source;
  }
  if (voice) {
    $('audio', voice).src = source;
    $('.hint', voice).textContent = file.text;
  }
  const isFixed = sequence && !deleted && !button.hidden;
  const [answer, change, report] =
    [part('answer', isFixed), part('change', isFixed && mine), part('report', sequence && !mine && !deleted)];
  if (report) report.href = `${location.pathname}/messages/${sequence}/report`;
  if (answer) answer.href = `?answers=${sequence}#body`;
  if (change) change.href = `${location.pathname}/messages/${sequence}`;
  return mark(item, sequence);
}

function mark(item, sequence) {
  if (!sequence) return item;
  item.id = `m${sequence}`;
  item.dataset.sequence = sequence;
  delete item.dataset.pending;
  return item;
}

// A message that was changed or taken back, where it stands on the page.
function replace(message) {
  const item = items().find((other) => number(other) === message.sequence);
  if (!item) return;
  const line = $('[data-state]', item);
  const fresh = fill(blank(), message);
  if (line) fresh.append(line);
  item.replaceWith(fresh);
}

function receive(message) {
  if (items().some((item) => number(item) === message.sequence)) {
    // The answer to it did not bring these.
    if (['quote', 'note', 'file', 'edited', 'deleted'].some((part) => message[part])) replace(message);
    return;
  }
  const inView = latest.getBoundingClientRect().top < innerHeight;
  const fresh = fill(blank(), message);
  let item = $(`[data-pending="${message.id}"]`, list);
  // What was read out already is not put in anew.
  if (item) {
    for (const name of ['time', '[data-acts]']) $(name, item).replaceWith($(name, fresh));
    if ('held' in item.dataset) $('[data-state]', item).remove();
  } else item = fresh;
  mark(item, message.sequence);
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
  if (isGroup) {
    for (const line of list.querySelectorAll('.message:not([data-pending]) [data-state]')) line.remove();
    return;
  }
  const item = last('.mine');
  for (const line of list.querySelectorAll('.message:not([data-pending]) [data-state]')) {
    if (line.parentNode !== item) line.remove();
  }
  const how = number(item) <= seen.read ? 'Read' : number(item) <= seen.delivered ? 'Delivered' : 'Sent';
  if (item) state(item, words[`said${how}`]);
}

// Writing

let tried = null; // words that went out under this key and have no answer yet
let triedFile; // and what went with them
let busy = false;

function renew() {
  const digits = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0'));
  key.value = digits.join('').replace(/^(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-8$4-');
}

// What is not sent yet is kept, now and then and when the page is left.
let kept = box.value;
let keeping;

function keep() {
  clearTimeout(keeping);
  if (box.value === kept || busy || box.value.trim() === tried) return;
  kept = box.value;
  form.dataset.drafted = 'yes';
  const fields = { 'form-token': form.elements['form-token'].value, body: kept, note: form.elements.note.value };
  post(words.draft, fields, { keepalive: true }).catch(() => {});
}

box.addEventListener('input', () => {
  clearTimeout(keeping);
  keeping = setTimeout(keep, 10000);
});

const chosen = () => form.elements.attachment?.files[0];

// As it is shown before the server has it.
function pictured(file) {
  const kind = file.type.startsWith('image/') ? 'picture' : 'voice';
  const said = form.elements.description.value.trim();
  return { kind, text: said || (kind === 'picture' ? words.undescribed : ''), url: URL.createObjectURL(file) };
}

// What the box holds has arrived.
function settle() {
  if (box.value.trim() === tried) {
    box.value = kept = '';
    delete form.dataset.drafted;
    $('[data-answered]')?.remove();
    form.elements.note.value = '';
    for (const name of ['answers', 'drafted']) form.elements[name]?.remove();
  }
  if (chosen() === triedFile) form.dispatchEvent(new Event('settled'));
  [tried, triedFile] = [null, undefined];
  renew();
  button.textContent = words.send;
  say('status', '');
}

// Somebody reads it before others do.
function hold(item) {
  state(item, words.held);
  item.dataset.held = '';
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
  if (event.submitter && event.submitter !== button) return;
  event.preventDefault();
  clearTimeout(keeping);
  const [body, file] = [box.value.trim(), chosen()];
  if ((!body && !file) || busy) return;
  // The same words under the same key are one message, however often they go; other words are another.
  if (tried !== null && (tried !== body || triedFile !== file)) renew();
  [tried, triedFile] = [body, file];
  through.value = heard;
  busy = box.readOnly = true;
  say('status', '');
  const message = {
    id: key.value, mine: true, name: words.name, role: words.role, body, time: '', sentAt: '',
    ...file && { file: pictured(file) },
  };
  const item = fill(blank(), message);
  item.dataset.pending = message.id;
  list.append(item);
  state(item, words.sending);
  let problem = words.failed;
  try {
    const fields = new FormData(form);
    if (form.dataset.drafted) fields.set('drafted', 'yes');
    if (!file) for (const name of ['attachment', 'description']) fields.delete(name);
    const sent = file ? fields : Object.fromEntries(fields);
    const answer = await post(form.action, sent, { signal: AbortSignal.timeout(file ? 120000 : 15000) });
    const said = await answer.json();
    if (answer.ok) {
      if (said.sequence) receive({ ...message, ...said });
      else hold(item);
      if (said.help) offer(said.help);
    } else if (answer.status < 500 && ![408, 429].includes(answer.status)) problem = said.text || words.refused;
  } catch { /* said below */ }
  busy = box.readOnly = false;
  if (!item.dataset.pending || 'held' in item.dataset) return; // it arrived, by the answer or by the stream, or is held back
  item.remove();
  button.textContent = words.retry;
  say('status', problem);
});

// Receiving and reading

// Everything up to this number is here: the page came with it, or the stream brought it, in order. My own message may
// stand further on, by the answer to it, before what was written to me in between has come.
let heard = number(items().pop());
let change = Number(log.dataset.change);
let told = { no: heard, yes: heard }; // so much was told by opening the page

// Says what has arrived, and whether it is in front of somebody.
function report() {
  if (isGroup && document.visibilityState !== 'visible') return;
  const isSeen = document.visibilityState === 'visible' ? 'yes' : 'no';
  const news = items().filter((item) => item.matches('.theirs') && number(item) <= heard).pop();
  if (number(news) <= told[isSeen]) return;
  const before = told;
  told = isSeen === 'yes' ? { no: heard, yes: heard } : { ...told, no: heard };
  const again = () => { told = before; };
  const fields = { 'form-token': form.elements['form-token'].value, from: number(items()[0]), through: heard };
  post(words.reading, { ...fields, seen: isSeen }, { keepalive: true }).then((answer) => answer.ok || again(), again);
}

// In a group many messages come in a row: one word for all of them.
let reporting;

function reportSoon() {
  if (!isGroup) return report();
  reporting ||= setTimeout(() => { reporting = null; report(); }, 3000);
}

document.addEventListener('visibilitychange', () => {
  report();
  if (document.visibilityState === 'hidden') keep();
});

// Listening

let waiting;

function wait(milliseconds, act) {
  clearTimeout(waiting);
  waiting = act && setTimeout(act, milliseconds);
}

function listen() {
  const source = new EventSource(`${log.dataset.live}?after=${heard}.${change}`);
  const on = (name, act) => source.addEventListener(name, (event) => {
    change = Number(event.lastEventId?.split('.')[1] ?? change);
    act(event.data && JSON.parse(event.data));
  });
  on('message', (message) => {
    receive(message);
    heard = Math.max(heard, message.sequence);
    reportSoon();
  });
  on('change', replace);
  on('seen', (marks) => { Object.assign(seen, marks); tell(); });
  on('closed', ({ text }) => { button.hidden = Boolean(text); say('status', text ?? ''); });
  on('open', () => { wait(); say('connection', ''); report(); });
  on('error', () => {
    if (source.readyState === EventSource.CLOSED) {
      say('connection', words.over);
      wait(15000, listen);
    } else if (!waiting) wait(5000, () => say('connection', words.lost));
  });
}

listen();
