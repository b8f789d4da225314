import { Composer } from "@mail/core/common/composer";
import { RPCError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";

/** Tell customers why a message was not taken, and let them send it again: pages of the portal show no errors. */
patch(Composer.prototype, {
    async processMessage() {
        try {
            return await super.processMessage(...arguments);
        } catch (error) {
            const isRefusal = error instanceof RPCError && error.exceptionName === "odoo.exceptions.UserError";
            if (!this.env.inFrontendPortalChatter || !isRefusal) {
                throw error;
            }
            this.state.active = true;
            this.env.services.notification.add(error.data.message, { type: "danger", sticky: true });
        }
    },
});
