/** Says in words that the device did not confirm; allauth's script only writes to the console. */
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const message = document.getElementById("passkey-error");
  if (message) message.hidden = false;
});
