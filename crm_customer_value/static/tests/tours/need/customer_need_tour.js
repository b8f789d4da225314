import { registry } from "@web/core/registry";

/** A salesperson hears of a need on the phone, and of an objection in an opportunity. */
registry.category("web_tour.tours").add("customer_need_note_tour", {
    steps: () => [
        {
            content: "The last buttons stand below More, where there are many",
            trigger: ".o-form-buttonbox",
            run() {
                this.anchor.querySelector(".o_button_more")?.click();
            },
        },
        {
            content: "There is no need yet: the button notes the first one",
            trigger: "[name=action_view_needs]:contains(Note a Need)",
            run: "click",
        },
        {
            trigger: ".modal [name=type_id] input",
            run: "edit Need to save",
        },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains(Economic)",
            run: "click",
        },
        {
            trigger: ".modal [name=words] textarea",
            run: "edit Flour gets dearer",
        },
        {
            trigger: ".modal [role=radio][data-level='5']",
            run: "click",
        },
        {
            trigger: ".modal .o_customer_need_importance:contains(Decides whether they buy)",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "The last buttons stand below More, where there are many",
            trigger: "body:not(:has(.modal)) .o-form-buttonbox",
            run() {
                this.anchor.querySelector(".o_button_more")?.click();
            },
        },
        {
            content: "It is counted at once",
            trigger: "[name=action_view_needs] .o_stat_value:text(1)",
        },
    ],
});

registry.category("web_tour.tours").add("customer_need_objection_tour", {
    steps: () => [
        {
            trigger: "[name=action_new_objection]",
            run: "click",
        },
        {
            trigger: ".modal [name=type_id] input",
            run: "edit Need is too dear",
        },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains(Need is too dear)",
            run: "click",
        },
        {
            content: "The advice for this objection",
            trigger: ".modal [name=advice]:contains(Compared with what?)",
        },
        {
            content: "What helped others is offered while one writes",
            trigger: ".modal [name=answer_id] input",
            run: "click",
        },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains(See what you gain):contains(helped 1 of 1 times)",
        },
        {
            content: "A new answer is made on the way",
            trigger: ".modal [name=answer_id] input",
            run: "edit It lasts ten years",
        },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains(Create)",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) [name=action_view_needs]:contains(Objections)",
        },
    ],
});
