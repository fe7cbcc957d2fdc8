// What a page does beyond plain HTML: it hears what changed, and minds the keyboard.
(function () {
  "use strict";
  var address = document.body.dataset.events;
  var line = document.getElementById("line");
  var source = null;

  function tell(topic) {
    document.body.dispatchEvent(new CustomEvent(topic + "-changed"));
  }

  function listen() {
    if (source || !address || document.hidden) return;
    source = new EventSource(address);
    ["films", "moving", "needs", "library"].forEach(function (topic) {
      source.addEventListener(topic, function () { tell(topic); });
    });
    source.addEventListener("hello", function () {
      if (line) line.hidden = true;
      tell("films"); // it may have changed since the page was made, while nobody listened
    });
    source.onerror = function () {
      if (line) line.hidden = false;
    };
  }

  function rest() {
    if (source) source.close();
    source = null;
  }

  document.addEventListener("visibilitychange", function () {
    if (document.hidden) { rest(); } else { listen(); }
  });
  window.addEventListener("pagehide", rest);

  // "/" goes to the search field, as on many sites.
  document.addEventListener("keydown", function (event) {
    var field = document.getElementById("q");
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && field && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      field.focus();
    }
  });

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    window.setTimeout(function () { delete form.dataset.sent; }, 4000);
  });

  // What is to be copied has a button, where the browser lets one copy.
  function offerCopies(part) {
    if (!navigator.clipboard) return;
    part.querySelectorAll("button[data-copy]").forEach(function (button) { button.hidden = false; });
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-copy]");
    if (!button) return;
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      button.classList.add("copied");
      button.setAttribute("aria-label", "Copied");
    });
  });
  document.addEventListener("htmx:afterSwap", function (event) { offerCopies(event.detail.target); });
  offerCopies(document);

  // What a person types, or has open, is not taken from them by what is new; and where they are
  // with the keyboard, they stay.
  var place = null;

  function nameOf(element) {
    var form = element.closest("form");
    return [element.tagName, element.getAttribute("href"), form && form.getAttribute("action"),
      element.textContent].join(" ");
  }

  document.addEventListener("htmx:beforeSwap", function (event) {
    var target = event.detail.target, focused = document.activeElement;
    var asked = event.detail.requestConfig && event.detail.requestConfig.triggeringEvent;
    var byChange = !asked || /-changed$/.test(asked.type); // nor by what is asked again and again
    place = null;
    if (!byChange || !target) return;
    var within = focused && target.contains(focused);
    var typing = within && /^(INPUT|TEXTAREA|SELECT)$/.test(focused.tagName);
    if (typing || target.querySelector("details[open], .busy.htmx-request")) {
      event.detail.shouldSwap = false;
    } else if (within) {
      place = nameOf(focused);
    }
  });

  document.addEventListener("htmx:afterSwap", function () {
    if (!place) return;
    var found = document.querySelectorAll("main a, main button, main summary");
    for (var at = 0; at < found.length; at += 1) {
      if (nameOf(found[at]) === place) { found[at].focus({ preventScroll: true }); break; }
    }
    place = null;
  });

  listen();
})();
