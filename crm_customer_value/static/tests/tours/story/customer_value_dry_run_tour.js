import { registry } from "@web/core/registry";

const coreRow = ".o_data_row:has([name=stage_id]:text(Core))";

/** A manager tries a lower threshold, sees who would move, and applies it. */
registry.category("web_tour.tours").add("customer_value_dry_run_tour", {
    steps: () => [
        {
            content: "Nothing is changed yet",
            trigger: ".o_form_view:contains(have not changed any rule yet)",
        },
        {
            content: "The rule is told in words",
            trigger: `${coreRow} [name=rule_summary]:contains(3 purchase days or more)`,
            run: "click",
        },
        {
            content: "Only conditions that are set are shown",
            trigger: ".modal .o_lifecycle_rule:not(:has([name=risk_from])) [name=purchase_days_from] input",
            run: "edit 2",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${coreRow} [name=rule_summary]:contains(2 purchase days or more)`,
        },
        {
            trigger: "button[name=action_try]",
            run: "click",
        },
        {
            content: "One customer would move",
            trigger: ".o_dry_run_figures [data-figure=stage]:text(1)",
        },
        {
            content: "up, as the table shows",
            trigger: ".o_dry_run_matrix td[title='1 from Occasional to Core']:text(1)",
        },
        {
            content: "and it is the bakery",
            trigger: "[name=change_ids] .o_data_row:contains(Tour Bakery):contains(Occasional):contains(Core)",
        },
        {
            content: "Changing a weight makes the outcome old",
            trigger: ".nav-link[name=scoring]",
            run: "click",
        },
        {
            trigger: "[name=pareto_a] input",
            run: "edit 70",
        },
        {
            trigger: "[name=pareto_b] input",
            run: "click",
        },
        {
            trigger: ".alert-warning:contains(Try again)",
        },
        {
            trigger: "button[name=action_try]",
            run: "click",
        },
        {
            trigger: "button[name=action_apply]",
            run: "click",
        },
        {
            content: "Sure?",
            trigger: ".modal:contains(Use these rules from now on) .btn-primary",
            run: "click",
        },
        {
            content: "Everybody is computed by the new rules",
            trigger: ".o_form_view .alert-info:contains(Waiting. The scheduled action)",
        },
    ],
});
