"""Events: programme, registration, invitation and answer."""
