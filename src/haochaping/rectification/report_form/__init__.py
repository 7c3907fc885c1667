"""《政务服务差评事项核查整改情况报告单》: what it says of an order, and the templates that say how it looks."""
