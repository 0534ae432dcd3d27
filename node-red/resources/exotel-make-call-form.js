/**
 * The form of *make call*: which fields each mode has, what following the call needs, what the node is called on the
 * canvas.
 */
(function () {
	'use strict';

	var OPERATIONS = { numbers: 'connectNumbers', flow: 'connectFlow', agent: 'connectAgent' };
	var NAMES = [
		'from',
		'agentContact',
		'agentId',
		'to',
		'flowId',
		'flowUrl',
		'exoPhone',
		'record',
		'recordingChannels',
		'recordingFormat',
		'ringTimeSeconds',
		'timeLimitSeconds',
		'customField',
		'waitAudioUrl',
		'playbackUrl',
		'playbackTo',
		'callType',
		'statusCallbackUrl',
	];
	var OPTIONAL = [
		'flowUrl',
		'agentId',
		'recordingChannels',
		'recordingFormat',
		'ringTimeSeconds',
		'timeLimitSeconds',
		'customField',
		'waitAudioUrl',
		'playbackUrl',
		'playbackTo',
		'callType',
		'statusCallbackUrl',
	];

	function operationOf(node) {
		return OPERATIONS[window.exotelEditor.current(node, 'mode')] || 'connectNumbers';
	}

	/** One of two fields is enough: a flow by id or address, an agent by phone or id. */
	var EITHER = { flowId: 'flowUrl', flowUrl: 'flowId', agentContact: 'agentId', agentId: 'agentContact' };

	function check(node, name, value, opt) {
		var editor = window.exotelEditor;
		if (name === 'statusCallbackUrl' && (editor.current(node, 'follow') || /^\/exotel\/./.test(value || '')))
			return true;
		var verdict = editor.check(node, operationOf(node), name, value, opt);
		var other = EITHER[name];
		if (verdict !== true || !other || value || editor.current(node, other)) return verdict;
		if (name === 'flowId' && operationOf(node) === 'connectFlow')
			return node._('exotel-make-call.form.flow-missing');
		if (name === 'agentContact' && operationOf(node) === 'connectAgent')
			return node._('exotel-make-call.form.agent-missing');
		return true;
	}

	function checkPatience(value) {
		var minutes = Number(value);
		return value === '' || value === undefined || (minutes >= 0.01 && minutes <= 30)
			? true
			: window.exotelEditor.shared('form.patience', 'Ask Exotel after: minutes from 1 to 30');
	}

	function written(node, name) {
		var value = node[name];
		if (!value) return '…';
		return ['str', 'choice', 'num', '', undefined].indexOf(node[name + 'Type']) !== -1
			? value
			: node[name + 'Type'] === 'jsonata'
				? '…'
				: node[name + 'Type'] + '.' + value;
	}

	function label(node) {
		if (node.mode === 'flow')
			return node._('exotel-make-call.name.flow', { from: written(node, 'from'), flow: written(node, 'flowId') });
		if (node.mode === 'agent')
			return node._('exotel-make-call.name.agent', {
				agent: written(node, node.agentContact ? 'agentContact' : 'agentId'),
				to: written(node, 'to'),
			});
		return node.from || node.to
			? node._('exotel-make-call.name.numbers', { from: written(node, 'from'), to: written(node, 'to') })
			: node._('exotel-make-call.name.blank');
	}

	function prepare(node) {
		var editor = window.exotelEditor;
		editor.opened(node);
		if (!node.mode) $('#node-input-mode').val('numbers');
		// A flow written by hand may leave it out; the node then follows the call.
		if (node.follow === undefined) $('#node-input-follow').prop('checked', true);
		editor.fields(node, {
			container: '#exotel-make-call-fields',
			more: '#exotel-make-call-optional',
			names: NAMES,
			optional: OPTIONAL,
			operations: OPERATIONS,
			mode: '#node-input-mode',
		});
		editor.stores('#node-input-store', node.store);

		function showFollowing() {
			var follows = $('#node-input-follow').prop('checked');
			var mode = $('#node-input-mode').val();
			$('.exotel-make-call-following').toggle(follows);
			$('#exotel-make-call-ringing').toggle(mode === 'numbers');
			$('#node-input-statusCallbackUrl').closest('.form-row').toggle(!follows);
			var id = $('#node-input-account').val();
			var account = id && id !== '_ADD_' ? RED.nodes.node(id) : null;
			var key = account && !account.publicUrl ? 'note-asking' : mode === 'flow' ? 'note-flow' : 'note-callbacks';
			$('#exotel-make-call-follow-note').text(node._('exotel-make-call.form.' + key));
		}
		$('#node-input-follow, #node-input-mode, #node-input-account').on('change', showFollowing);
		showFollowing();
	}

	window.exotelMakeCallForm = { check: check, checkPatience: checkPatience, label: label, prepare: prepare };
})();
