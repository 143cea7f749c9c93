// Says so on the page when a passkey could not be used; allauth's scripts only write to the console.
document.addEventListener('allauth.error', function (event) {
  event.preventDefault()
  const note = document.querySelector('[data-passkey-error]')
  if (note) note.hidden = false
})
