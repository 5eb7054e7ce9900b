"""Asking for the pages of reports, and what they tell."""

from django.urls import reverse


def page(client, name, *args, **query):
    answer = client.get(reverse(f"reports:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client, name, *args, **data):
    return client.post(reverse(f"reports:{name}", args=args), data, follow=True)


def told(answer):
    return [str(message) for message in answer.context["messages"]]
