import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Forms of the portal's complaints: sent once, however often one clicks. */
export class ComplaintForm extends Interaction {
    static selector = ".o_complaint_form";
    dynamicContent = {
        _root: {
            "t-on-submit": this.onSubmit,
        },
        _window: {
            // Coming back with the browser's own button shows the page as it was left: sent.
            "t-on-pageshow": this.onPageShow,
        },
        "button[type=submit]": {
            "t-att-disabled": () => this.isSent,
        },
    };

    setup() {
        this.isSent = false;
    }

    onSubmit(ev) {
        if (!ev.isTrusted) {
            // An event made by a script sends nothing: it must not stop what is sent later.
            return;
        }
        if (this.isSent) {
            ev.preventDefault();
            return;
        }
        this.isSent = true;
    }

    onPageShow() {
        this.isSent = false;
    }
}

/** The form of a new complaint: products of the chosen order, files that are not too big. */
export class ComplaintSend extends Interaction {
    static selector = ".o_complaint_send";
    dynamicContent = {
        "select[name=order_id]": {
            "t-on-change": this.onOrderChange,
        },
        ".o_complaint_line": {
            "t-att-class": () => ({ "d-none": this.orderEl && !this.orderEl.value }),
        },
        "select[name=line_id] optgroup": {
            "t-att-hidden": (groupEl) => this.isForeign(groupEl),
            "t-att-disabled": (groupEl) => this.isForeign(groupEl),
        },
        "input[type=file]": {
            "t-on-change": this.checkFiles,
            "t-att-class": () => ({ "is-invalid": Boolean(this.fileProblem) }),
            "t-att-aria-invalid": () => (this.fileProblem ? "true" : undefined),
        },
        "#complaint_files_error": {
            "t-out": () => this.fileProblem,
        },
    };

    setup() {
        this.orderEl = this.el.querySelector("select[name=order_id]");
        this.lineEl = this.el.querySelector("select[name=line_id]");
        this.fileEl = this.el.querySelector("input[type=file]");
        this.fileProblem = this.el.querySelector("#complaint_files_error").textContent;
    }

    start() {
        document.querySelector(".o_complaint_errors")?.focus();
        // Before the other interaction's: a form that is stopped here is not sent.
        this.addListener(this.el, "submit", this.onSubmit, { capture: true });
    }

    isForeign(groupEl) {
        return groupEl.dataset.order !== this.orderEl.value;
    }

    onOrderChange() {
        if (this.lineEl.selectedOptions[0]?.closest("optgroup")?.dataset.order !== this.orderEl.value) {
            this.lineEl.value = "";
        }
    }

    checkFiles() {
        const limit = parseInt(this.el.dataset.maxSize);
        const tooBig = [...this.fileEl.files].filter((file) => file.size > limit);
        this.fileProblem = tooBig.length
            ? _t("%(names)s: each file may have at most %(size)s. Please choose again.", {
                  names: tooBig.map((file) => file.name).join(", "),
                  size: this.el.dataset.maxSizeText,
              })
            : "";
    }

    onSubmit(ev) {
        this.checkFiles();
        if (this.fileProblem) {
            ev.preventDefault();
            ev.stopImmediatePropagation();
            this.fileEl.focus();
        }
    }
}

registry.category("public.interactions").add("crm_customer_value.complaint_form", ComplaintForm);
registry.category("public.interactions").add("crm_customer_value.complaint_send", ComplaintSend);
