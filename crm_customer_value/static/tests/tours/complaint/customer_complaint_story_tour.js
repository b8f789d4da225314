import { registry } from "@web/core/registry";

/**
 * The whole story of a complaint, act by act; tests/complaint/test_complaint_story.py lets time pass between the
 * acts and says what has to come of them.
 */
const tours = registry.category("web_tour.tours");

tours.add("customer_complaint_story_complain", {
    steps: () => [
        {
            content: "On the phone, the customer begins where the account begins",
            trigger: "a[href='/my/complaints/new']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "and says what happened",
            trigger: "#complaint_text",
            run: "edit The oven switches itself off in the middle of the night. Two hundred loaves were lost.",
        },
        {
            content: "which title it has",
            trigger: "#complaint_name",
            run: "edit The oven switches itself off",
        },
        {
            content: "which order it is about",
            trigger: "#complaint_order_id",
            run({ anchor }) {
                anchor.value = anchor.options[1].value;
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "and what should be done",
            trigger: "#complaint_wanted_remedy",
            run: "selectByLabel Refund",
        },
        {
            content: "Send it",
            trigger: ".o_complaint_submit",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It has arrived, in the customer's words",
            trigger: "#wrap:contains(Two hundred loaves were lost)",
        },
    ],
});

tours.add("customer_complaint_story_handle", {
    steps: () => [
        {
            content: "The queue shows that the deadline was missed, and the leader opens it",
            trigger: ".o_kanban_record:contains(The oven switches itself off)",
            run: "click",
        },
        {
            content: "It says that nobody acknowledged it in time",
            trigger: ".o_form_view .badge:contains(Deadline missed)",
        },
        {
            content: "Acknowledge",
            trigger: "button[name=action_acknowledge]",
            run: "click",
        },
        {
            content: "It is acknowledged",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Acknowledged)",
        },
        {
            content: "It is severe: above all tabs stands what is missing before it can be closed",
            trigger: "div[name=missing_to_close]:contains(root cause, corrective action)",
        },
        {
            content: "What the customer wrote stands above all else",
            trigger: "[name=description]:contains(Two hundred loaves were lost)",
        },
        {
            content: "What the customer gets is entered here",
            trigger: ".o_notebook .nav-link[name=outcome]",
            run: "click",
        },
        {
            content: "an amount",
            trigger: "[name=compensation] input",
            run: "edit 120",
        },
        {
            content: "Answered",
            trigger: "button.btn-primary[name=action_answer]",
            run: "click",
        },
        {
            content: "What the customer reads",
            trigger: ".modal [name=answer] .odoo-editor-editable",
            run: "editor We repaired it and give you 120 back",
        },
        {
            content: "It says who is told",
            trigger: ".modal div[name=told]:contains(baker@example.com)",
        },
        {
            content: "Give the answer",
            trigger: ".modal button.btn-primary[name=action_confirm]",
            run: "click",
        },
        {
            content: "is where it is now",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Answered)",
        },
        {
            content: "The customer has confirmed on the phone: close",
            trigger: "button.btn-primary[name=action_close]",
            run: "click",
        },
        {
            content: "As it is severe, the dialog asks why it happened",
            trigger: ".modal [name=root_cause] textarea",
            run: "edit The thermal fuse is too weak",
        },
        {
            content: "and what is changed",
            trigger: ".modal [name=corrective_action] textarea",
            run: "edit All ovens of this series get the stronger fuse",
        },
        {
            content: "Close it",
            trigger: ".modal button.btn-primary[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "Closed",
            trigger: "button[name=action_reopen]",
        },
    ],
});

tours.add("customer_complaint_story_rate", {
    steps: () => [
        {
            content: "Two stars",
            trigger: ".o_complaint_stars label:nth-child(2)",
            run: "click",
        },
        {
            content: "It was hard",
            trigger: ".o_complaint_efforts label:nth-child(2)",
            run: "click",
        },
        {
            content: "and why",
            trigger: "#complaint_rating_comment",
            run: "edit Nobody called back for hours.",
        },
        {
            content: "Send",
            trigger: "button[type=submit]:contains(Send Rating)",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Thanks", trigger: "h1:contains(Thank you for your rating)" },
    ],
});

tours.add("customer_complaint_story_read", {
    steps: () => [
        {
            content: "A salesperson looks why the index fell",
            trigger: ".nav-link[name=customer_value]",
            run: "click",
        },
        {
            content: "It is what the customer said",
            trigger: ".o_value_explanation_part[data-part=satisfaction]:contains(rated 2 of 5)",
        },
    ],
});
