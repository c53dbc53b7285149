"""The official Python client of the Model Context Protocol against a gisa: client.py ADDRESS [KEY]. Prints what it got as JSON."""

import asyncio
import json
import sys

from mcp import Client
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client


async def told(mode):
    address, key = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    headers = {"authorization": f"Bearer {key}"} if key else {}
    transport = streamable_http_client(address, http_client=create_mcp_http_client(headers=headers))
    async with Client(transport, mode=mode) as client:
        tools = (await client.list_tools()).tools
        found = await client.call_tool("search", {"q": "반도체", "size": 2, "outlet": ["가람일보"]})
        terms = await client.call_tool("related_terms", {"q": "반도체", "kinds": "organisation,word", "pairs": True})
        quotes = await client.call_tool("quotes", {"q": "", "size": 3})
        wrong = await client.call_tool("search", {"q": "반도체", "size": 1000})
        return {
            "server": client.server_info.name,
            "tools": [tool.name for tool in tools],
            "found": found.structured_content,
            "text": found.content[0].text,
            "terms": terms.structured_content,
            "quotes": quotes.structured_content,
            "wrong": [wrong.is_error, wrong.content[0].text],
        }


async def main():
    # As today's assistants begin, and as those of before did.
    print(json.dumps([await told("auto"), await told("legacy")], ensure_ascii=False))


asyncio.run(main())
