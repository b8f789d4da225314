import { registry } from "@web/core/registry";

/** A customer opens the link of an e-mail: the answer is chosen, and is stored by one tap on Send. */
registry.category("web_tour.tours").add("customer_feedback_answer_tour", {
    steps: () => [
        {
            content: "The answer of the link is chosen",
            trigger: ".o_customer_feedback label:has(input[name=answer][value='2']:checked)",
        },
        {
            content: "Nobody has to scroll sideways",
            trigger: ".o_customer_feedback",
            run: () => {
                const { scrollWidth, clientWidth } = document.documentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`The page is ${scrollWidth} wide on a screen of ${clientWidth}`);
                }
            },
        },
        {
            trigger: "#customer_feedback_comment",
            run: "edit Nobody called back",
        },
        {
            trigger: ".o_customer_feedback button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_customer_feedback h1:contains(Thank you for your answer)",
        },
        {
            trigger: ".o_customer_feedback strong:contains(2 of 10)",
        },
        {
            trigger: ".o_customer_feedback blockquote:contains(Nobody called back)",
        },
    ],
});
