// What goes along with a message: a picture, made smaller before it leaves this device, or a voice note, recorded here.
// It ends up in the form's own field, as if it had been chosen there; without this script, it is.

const part = document.querySelector('[data-attaching]');
const $ = (selector) => part.querySelector(selector);
const { form, words } = { form: part.closest('form'), words: part.dataset };
const input = $('[type=file]');
const preview = $('[data-preview]');
const [image, audio, throwAway] = ['img', 'audio', 'button'].map((name) => preview.querySelector(name));
const record = $('[data-recorder] button');
const label = record.textContent;
const say = (text, time = '') => {
  const place = $('[data-recorded]');
  if (place.textContent !== text) place.textContent = text; // read out once, not with every second
  $('[data-time]').textContent = time;
};

// A picture that fills any screen has no more than so many pixels on its longer side.
const longest = 2048;
const types = ['image/jpeg', 'image/png', 'image/webp'];

function show() {
  const [file] = input.files;
  for (const shown of [image, audio]) {
    if (shown.src) URL.revokeObjectURL(shown.src);
    shown.removeAttribute('src');
    shown.hidden = true;
  }
  preview.hidden = !file;
  if (!file) return;
  const shown = file.type.startsWith('image/') ? image : audio;
  shown.src = URL.createObjectURL(file);
  shown.hidden = false;
}

function put(file) {
  const chosen = new DataTransfer();
  if (file) chosen.items.add(file);
  input.files = chosen.files;
  show();
}

async function smaller(file) {
  if (!file.type.startsWith('image/')) return file;
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return file; // the server says what is wrong with it
  }
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size < 1000000 && types.includes(file.type)) return file;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  const type = file.type === 'image/png' ? file.type : 'image/jpeg';
  const blob = await new Promise((done) => { canvas.toBlob(done, type, .85); });
  return blob ? new File([blob], 'picture', { type }) : file;
}

input.addEventListener('change', async () => {
  say('');
  const [file] = input.files;
  if (!file) return show();
  const fit = await smaller(file);
  if (input.files[0] !== file) return; // another was chosen meanwhile
  if (fit.size > Number(words.largest)) {
    put(null);
    say(words.tooLarge);
  } else if (fit !== file) put(fit);
  else show();
});

throwAway.addEventListener('click', () => {
  put(null);
  input.focus();
});

form.addEventListener('settled', () => {
  put(null);
  say('');
  form.elements.description.value = '';
  part.open = false;
});

// Recording

const sound = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4']
  .find((type) => window.MediaRecorder?.isTypeSupported(type));
let recorder = null;

function clock(since) {
  const seconds = Math.floor((performance.now() - since) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

async function start() {
  record.disabled = true;
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return say(words.denied);
  } finally {
    record.disabled = false;
  }
  put(null);
  const pieces = [];
  const since = performance.now();
  recorder = new MediaRecorder(stream, { mimeType: sound, audioBitsPerSecond: 32000 });
  const tick = setInterval(() => say(words.recording, clock(since)), 1000);
  const end = setTimeout(stop, Number(words.mostSeconds) * 1000);
  recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data));
  recorder.addEventListener('stop', () => {
    clearInterval(tick);
    clearTimeout(end);
    for (const track of stream.getTracks()) track.stop();
    recorder = null;
    record.textContent = label;
    say('');
    const type = sound.split(';')[0];
    put(new File(pieces, 'voice', { type }));
    audio.focus();
  });
  recorder.start();
  record.textContent = words.stop;
  say(words.recording, clock(since));
}

function stop() {
  if (recorder?.state === 'recording') recorder.stop();
}

if (sound && navigator.mediaDevices) {
  $('[data-recorder]').hidden = false;
  record.addEventListener('click', () => (recorder ? stop() : start()));
}
