import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** A customer complains about a product of an order, sees who takes care, and writes once more. */
tours.add("customer_complaint_portal_tour", {
    url: "/my",
    steps: () => [
        {
            content: "The card is there although there is no complaint yet",
            trigger: ".o_portal_index_card a[href='/my/complaints']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "p:contains(You have no complaints)",
        },
        {
            trigger: ".o_complaint_new",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Without an order there is no product to choose",
            trigger: ".o_complaint_line.d-none:not(:visible)",
        },
        {
            trigger: "#complaint_text",
            run: "edit The lamp is dark. It was never bright.",
        },
        {
            trigger: "#complaint_order_id",
            run: "selectByIndex 1",
        },
        {
            content: "Products of the chosen order only",
            trigger: ".o_complaint_line:has(optgroup:not([disabled]):contains(Lamp)):has(optgroup[disabled]:contains(Shade))",
        },
        {
            trigger: "#complaint_line_id",
            run: "selectByLabel Lamp",
        },
        {
            trigger: "#complaint_wanted_remedy",
            run: "select repair",
        },
        {
            trigger: ".o_complaint_submit",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains(We have received your complaint)",
        },
        {
            trigger: ".o_complaint_timeline li.o_current:contains(Received)",
        },
        {
            trigger: ".o_complaint_facts:contains(Lamp):contains(Repair)",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Composer-input",
            run: "edit And the box was wet.",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Message:contains(And the box was wet.)",
        },
    ],
});

/** A customer refuses an answer, and later says that all is well. */
tours.add("customer_complaint_answer_tour", {
    url: "/my/complaints?filterby=waiting",
    steps: () => [
        {
            trigger: ".o_portal_my_doc_table a:contains(Lamp is broken)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_complaint_confirm",
        },
        {
            trigger: ".o_complaint_reopen summary",
            run: "click",
        },
        {
            trigger: "#complaint_reason",
            run: "edit It is still dark.",
        },
        {
            trigger: ".o_complaint_reopen button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains(We have reopened your complaint)",
        },
        {
            trigger: ".o_complaint_timeline li.o_current:contains(In Progress)",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Message:contains(It is still dark.)",
        },
    ],
});

/**
 * Enter on a button: the browser answers with a click, unless the page prevents it. Hoot's "press" brings
 * about a "submit" event instead, which sends nothing.
 */
function pressEnter({ anchor }) {
    const keydown = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
    if (anchor.dispatchEvent(keydown)) {
        anchor.click();
    }
}

/** The form by keyboard alone: in order, with what is missing said and in focus. */
tours.add("customer_complaint_keyboard_tour", {
    url: "/my/complaints/new",
    steps: () => [
        {
            trigger: ".o_complaint_submit",
            run: ({ anchor }) => anchor.focus(),
        },
        {
            trigger: ".o_complaint_submit:focus",
            run: pressEnter,
            expectUnloadPage: true,
        },
        {
            content: "What is missing is in focus, and a link leads to it",
            trigger: ".o_complaint_errors:focus a[href='#complaint_text']",
        },
        {
            trigger: "#complaint_text.is-invalid",
            run: "edit The lamp is dark.",
        },
        {
            trigger: "#complaint_text:focus",
            run: "press Tab",
        },
        {
            trigger: "#complaint_name:focus",
            run: "press Tab",
        },
        {
            trigger: "#complaint_order_id:focus",
            run: "press Tab",
        },
        {
            trigger: "#complaint_wanted_remedy:focus",
            run: "press Tab",
        },
        {
            trigger: "#complaint_files:focus",
            run: "press Tab",
        },
        {
            trigger: ".o_complaint_submit:focus",
            run: pressEnter,
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains(We have received your complaint)",
        },
    ],
});

/** Somebody without an account complains, and is shown the own complaint by its link. */
tours.add("customer_complaint_public_tour", {
    url: "/complaints/new",
    steps: () => [
        {
            trigger: "#complaint_sender",
            run: "edit Nora Nobody",
        },
        {
            trigger: "#complaint_email",
            run: "edit nora@nowhere.example",
        },
        {
            trigger: "#complaint_text",
            run: "edit The lamp is dark.",
        },
        {
            trigger: ".o_complaint_submit",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains(Anyone with the link)",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Composer-input",
            run: "edit And cold.",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Message:contains(And cold.)",
        },
    ],
});

// There is no room for more messages: the customer is told, and may send the same words later.
tours.add("customer_complaint_refused_message_tour", {
    url: "/my/complaints",
    steps: () => [
        {
            trigger: ".o_portal_my_doc_table a:contains(Lamp is broken)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Composer-input",
            run: "edit One more thing.",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Please try again in)",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Composer-send:enabled",
        },
    ],
});
