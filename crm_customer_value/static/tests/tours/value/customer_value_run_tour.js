import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

/** Change the run that is shown behind its form's back, as the scheduled action does. */
async function changeRun(values) {
    const id = Number(window.location.pathname.split("/").at(-1));
    await rpc("/web/dataset/call_kw/customer.value.run/write", {
        model: "customer.value.run",
        method: "write",
        args: [[id], values],
        kwargs: {},
    });
}

/** A manager watches a recompute: the bar moves by itself, and the form knows when it is over. */
registry.category("web_tour.tours").add("customer_value_run_tour", {
    steps: () => [
        {
            trigger: ".o_run_progress:contains(20 %)",
            run: () => changeRun({ progress: 60, customers: 1234 }),
        },
        {
            content: "The bar and the numbers follow",
            trigger: ".o_form_view:has(.o_run_progress:contains(60 %)) .o_field_widget[name=customers]:contains(1,234)",
            run: () => changeRun({ state: "failed", error: "The dog ate it." }),
        },
        {
            content: "The end is noticed, and told",
            trigger: ".o_form_view:has(.alert-danger:contains(The dog ate it.)) button[name=action_retry]",
            run: "click",
        },
        {
            content: "Another run waits now",
            trigger: ".alert-info:contains(Waiting. The scheduled action)",
        },
    ],
});
