"""What new rules ask on each scale, until somebody writes a question of their own. Customers read it."""


def proposed_questions(env):
    """Return the questions in the user's language: {scale: question}."""
    return {
        "csat": env._("How satisfied are you?"),
        "nps": env._("How likely are you to recommend us to a friend or colleague?"),
        "effort": env._("How easy was it to get what you needed from us?"),
    }
