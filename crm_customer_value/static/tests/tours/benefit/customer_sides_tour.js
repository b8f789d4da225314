import { registry } from "@web/core/registry";

/**
 * A salesperson looks at both sides of all customers, opens those who are about to leave, reads the customer's side,
 * and makes a goal of an advice. The test works out the numbers by hand.
 */
registry.category("web_tour.tours").add("customer_sides_tour", {
    steps: () => [
        {
            content: "The picture is drawn",
            trigger: ".o_both_sides_chart canvas",
        },
        {
            content: "The limits can be fixed",
            trigger: ".o_both_sides_table .btn-group .btn:contains(At Fixed Limits)",
            run: "click",
        },
        {
            content: "which is said",
            trigger: ".o_both_sides_table:contains(meet at 50.0 to us and 50.0 to them)",
        },
        {
            content: "One customer brings much and gains little",
            trigger: ".o_both_sides_table tr[data-quarter=leaving]:has(td:text(1)) button",
            run: "click",
        },
        {
            content: "Open the customer",
            trigger: ".o_list_view .o_data_row .o_data_cell:contains(Asking)",
            run: "click",
        },
        {
            content: "Both sides stand beside each other",
            trigger: ".o_form_view [name=benefit_index] .o_value_ring_text:text(20.0)",
        },
        {
            content: "Open the customer's side",
            trigger: ".nav-link[name=their_side]",
            run: "click",
        },
        {
            content: "What is empty is one line with one button",
            trigger: ".o_their_side_goals:contains(No goal agreed yet.)",
        },
        {
            content: "There is room to gain: make it a goal",
            trigger: ".o_their_side_advice:contains(the best in your industry are at 2 faults a month) .btn-primary",
            run: "click",
        },
        {
            content: "The goal is there to be completed",
            trigger: ".modal .o_form_view",
        },
        {
            content: "Close it",
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            content: "The tab shows the goal",
            trigger: ".o_their_side_goals [data-goal]:contains(Faults):contains(Target 2)",
        },
        {
            content: "and the advice knows it",
            trigger: ".o_their_side_advice button:contains(A goal is agreed)",
        },
    ],
});
