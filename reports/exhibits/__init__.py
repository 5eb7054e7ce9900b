"""Tables and charts of reports: made from the explorer or a programme, kept, printed."""
