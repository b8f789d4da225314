import { registry } from "@web/core/registry";

/** A salesperson hears on the phone what the customer needs. */
registry.category("web_tour.tours").add("customer_benefit_need_tour", {
    steps: () => [
        {
            content: "The last buttons stand below More, where there are many",
            trigger: ".o-form-buttonbox",
            run() {
                this.anchor.querySelector(".o_button_more")?.click();
            },
        },
        {
            trigger: "[name=action_view_needs]:contains(Note a Need)",
            run: "click",
        },
        {
            trigger: ".modal [name=type_id] input",
            run: "edit Works day and night",
        },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains(Works day and night)",
            run: "click",
        },
        {
            trigger: ".modal [name=words] textarea",
            run: "edit The line fails every week",
        },
        {
            trigger: ".modal [role=radio][data-level='5']",
            run: "click",
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

/** The salesperson answers a customer who contests a figure: it is corrected. */
registry.category("web_tour.tours").add("customer_benefit_settle_tour", {
    steps: () => [
        {
            trigger: "[name=contested]:contains(Two of them were planned)",
        },
        {
            trigger: "button[name=action_settle]",
            run: "click",
        },
        {
            trigger: ".modal [name=contest_words]:contains(Two of them were planned)",
        },
        {
            trigger: ".modal [name=value] input",
            run: "edit 18",
        },
        {
            trigger: ".modal [name=words] textarea",
            run: "edit You are right: 18 it is.",
        },
        {
            trigger: ".modal footer button[name=action_settle]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) [name=settle_words]:contains(18 it is)",
        },
    ],
});
