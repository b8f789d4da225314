import { registry } from "@web/core/registry";

/** A salesperson looks for the lead that is most worth the time, reads why, and takes it. */
registry.category("web_tour.tours").add("customer_lead_take_tour", {
    steps: () => [
        {
            content: "The lead with the highest value times chance comes first",
            trigger: ".o_data_row:first-child [name=name]:contains(Worth Taking)",
        },
        {
            content: "and the others follow",
            trigger: ".o_data_row:nth-child(2) [name=name]:contains(Sure but Small)",
        },
        {
            trigger: ".o_data_row:first-child [name=name]",
            run: "click",
        },
        {
            content: "It is worth what customers of this source brought: 200 + 99.98",
            trigger: ".o_form_view [name=shown_expected_value]:contains(299.98)",
        },
        {
            content: "Why is said in words",
            trigger: ".o_form_view [name=estimate_text]:contains(Fair of the Test: more than others)",
        },
        {
            content: "Nobody looks after it yet",
            trigger: "button[name=action_customer_take]",
            run: "click",
        },
        {
            content: "Now the salesperson does",
            trigger: ".o_form_view:not(:has(button[name=action_customer_take])) [name=user_id]",
        },
    ],
});
