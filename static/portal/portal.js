// What makes pages more comfortable; everything works without it.
(() => {
  "use strict";

  document.documentElement.classList.add("js");
  const number = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 });

  // Menus close on a click elsewhere and on Escape; Escape also hides an explained number's note.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    const explained = document.querySelectorAll(".explained:hover, .explained:focus-within");
    for (const value of explained) value.classList.add("is-quiet");
  });
  for (const kind of ["mouseout", "focusout"]) {
    document.addEventListener(kind, (event) => {
      const explained = event.target.closest?.(".explained.is-quiet");
      if (explained && !explained.contains(event.relatedTarget)) explained.classList.remove("is-quiet");
    });
  }

  // A note that would leave the window opens to the left.
  for (const kind of ["mouseover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const explained = event.target.closest?.(".explained:not(.explained--left)");
      const note = explained?.querySelector(".explained__note");
      if (note && note.getBoundingClientRect().right > window.innerWidth - 8) explained.classList.add("explained--left");
    });
  }

  let withKeys = false;
  document.addEventListener("keydown", () => { withKeys = true; }, true);
  document.addEventListener("pointerdown", () => { withKeys = false; }, true);

  document.addEventListener("change", (event) => {
    // The left navigation stays as narrow as it was left.
    if (event.target.id === "thu-dieu-huong") {
      const state = event.target.checked ? "gon" : "rong";
      document.cookie = `danh-muc=${state}; path=/; max-age=31536000; samesite=lax`;
    }
    // A filter answers as soon as it is changed; arrows pass by choices that are not meant, so with
    // keys a form that would load a whole page waits for its button.
    const form = event.target.closest("form[data-submit-on-change]");
    if (form && (form.hasAttribute("hx-get") || !withKeys)) form.requestSubmit();
    if (event.target.matches(".file-drop input[type=file]")) listFiles(event.target);
  });

  // Browsers whose style sheets cannot open a fold have it opened for as long as they print.
  if (!CSS.supports("selector(::details-content)")) {
    let opened = [];
    window.addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("details:not([open], [data-menu])")];
      for (const fold of opened) fold.open = true;
    });
    window.addEventListener("afterprint", () => {
      for (const fold of opened) fold.open = false;
    });
  }

  // One press, one action: a second press of the same button within three seconds does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 3000) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    form.dataset.sent = String(Date.now());
  }, true);

  // Choosing files: name and size of each, by click or by dropping.
  function listFiles(input) {
    const box = input.closest(".file-drop");
    let list = box.querySelector("ul");
    if (!list) list = box.appendChild(document.createElement("ul"));
    list.replaceChildren(...[...input.files].map((file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name} · ${size(file.size)}`;
      return item;
    }));
  }
  function size(bytes) {
    return bytes < 1e6 ? `${number.format(Math.ceil(bytes / 1e3))} KB` : `${number.format(bytes / 1e6)} MB`;
  }
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const box = event.target.closest?.(".file-drop");
      if (!box) return;
      event.preventDefault();
      box.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) {
        const input = box.querySelector("input[type=file]");
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }

  // Sending files: a form with hx-boost and a .progress-line shows how much has been sent.
  function line(form) {
    return form.querySelector(".progress-line[data-upload]");
  }
  document.addEventListener("htmx:xhr:progress", (event) => {
    const place = event.target.closest?.("form") && line(event.target.closest("form"));
    const { loaded, total, lengthComputable } = event.detail;
    if (!place || !lengthComputable || !total) return;
    place.hidden = false;
    place.querySelector("progress").max = total;
    place.querySelector("progress").value = loaded;
    place.querySelector("[data-words]").textContent = loaded < total
      ? `Đã gửi ${size(loaded)} / ${size(total)}`
      : "Đã gửi xong, đang kiểm tra tệp";
  });
  function failed(event) {
    const form = event.target.closest?.("form");
    const place = form && line(form);
    if (!place) return;
    delete form.dataset.sent;
    place.hidden = false;
    place.querySelector("[data-words]").textContent = event.detail.xhr?.status === 413
      ? "Tệp quá lớn. Hãy chia thành nhiều tệp nhỏ hơn rồi gửi lại."
      : "Chưa gửi được tệp. Kiểm tra kết nối mạng rồi bấm lại nút gửi.";
  }
  // Whoever was signed out meanwhile signs in beside this page and goes on with what is typed here.
  // Signing in changes the token of forms: the one that holds now is sent.
  function token() {
    return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  }
  document.addEventListener("submit", (event) => {
    const place = event.target.elements?.csrfmiddlewaretoken;
    if (place && token()) place.value = token();
  }, true);
  window.addEventListener("focus", () => {
    if (!token()) return;
    for (const place of document.querySelectorAll("[name=csrfmiddlewaretoken]")) place.value = token();
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const { headers, parameters } = event.detail;
    if (!token()) return;
    if ("X-CSRFToken" in headers) headers["X-CSRFToken"] = token();
    if (parameters.has?.("csrfmiddlewaretoken")) parameters.set("csrfmiddlewaretoken", token());
  });
  function signedOut(event) {
    if (event.detail.xhr?.status !== 401) return;
    const note = document.querySelector("#dang-nhap-lai");
    note.querySelector("a").href = event.detail.xhr.getResponseHeader("Location") || "/";
    note.hidden = false;
  }
  document.addEventListener("htmx:responseError", signedOut);
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
})();
